/** Bytes that the official SDK 0.25.0 wrote, and that a server of SkyRL 0.4.0 answered. */
import { expect, test } from "vitest";
import {
  decodeForwardBackwardOutput,
  decodeForwardBackwardRequest,
  decodeSampleResponse,
  encodeForwardBackwardOutput,
  encodeForwardBackwardRequest,
  encodeSampleResponse,
  type ForwardBackwardOutput,
  type ForwardBackwardRequest,
  type SampleResponse,
} from "./index.ts";

const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(/\s/g, ""), "hex"));
const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const floats = (...data: number[]) => ({ kind: "floats", data: Float32Array.from(data) }) as const;

const REQUEST =
  hex(`0a016d10031aa8010a100a0e0a0c05000000060000000700000012210a0a616476616e746167657312130a0c0000000000
00003f0000003f1801220103121f0a086c6f6770726f627312130a0c00000000000080bf000000c0180122010312300a0d7461726765745f746f6b65
6e73121f0a180600000000000000070000000000000008000000000000001802220103121e0a077765696768747312130a0c000000000000803f0000
803f1801220103220370706f3001`);
const request: ForwardBackwardRequest = {
  modelId: "m",
  seqId: 3,
  data: [
    {
      tokens: Int32Array.of(5, 6, 7),
      inputs: {
        advantages: floats(0, 0.5, 0.5),
        logprobs: floats(0, -1, -2),
        target_tokens: { kind: "ints", data: Int32Array.of(6, 7, 8) },
        weights: floats(0, 1, 1),
      },
    },
  ],
  loss: "ppo",
  lossConfig: {},
  forwardOnly: true,
};

test("a request of forward_backward", () => {
  expect(decodeForwardBackwardRequest(REQUEST)).toEqual(request);
  expect(toHex(encodeForwardBackwardRequest(request))).toBe(toHex(REQUEST));
});

const SAMPLE =
  hex(`0a1c120c0500000006000000000000001a0c000000bf000080bf000080be0a0e08011204070000001a04000000c012080000
c07f000040c0`);
const sample: SampleResponse = {
  sequences: [
    {
      stopReason: "stop",
      tokens: Int32Array.of(5, 6, 0),
      logprobs: Float32Array.of(-0.5, -1, -0.25),
    },
    { stopReason: "length", tokens: Int32Array.of(7), logprobs: Float32Array.of(-2) },
  ],
  promptLogprobs: Float32Array.of(Number.NaN, -3),
};

test("a result of asample", () => {
  expect(decodeSampleResponse(SAMPLE)).toEqual(sample);
  expect(toHex(encodeSampleResponse(sample))).toBe(toHex(SAMPLE));
});

const OUTPUT =
  hex(`0a067363616c6172123a12360a086c6f6770726f6273122a0a0c000080bf000000c0000080c01218000000000000000008000000
000000000c00000000000000180118021a130a086c6f73733a73756d11000000000000f83f`);
const output: ForwardBackwardOutput = {
  type: "scalar",
  outputs: [{ logprobs: Float32Array.of(-1, -2) }, { logprobs: Float32Array.of(-4) }],
  metrics: { "loss:sum": 1.5 },
};

test("a result of forward_backward", () => {
  expect(decodeForwardBackwardOutput(OUTPUT)).toEqual(output);
  expect(toHex(encodeForwardBackwardOutput(output))).toBe(toHex(OUTPUT));
});
