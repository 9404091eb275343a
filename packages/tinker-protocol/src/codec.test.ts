import { RrrError } from "@rrr/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  decodeForwardBackwardOutput,
  decodeForwardBackwardRequest,
  decodeSampleResponse,
  encodeForwardBackwardOutput,
  encodeForwardBackwardRequest,
  encodeSampleResponse,
  type ForwardBackwardOutput,
  type ForwardBackwardRequest,
  forwardBackwardFromJson,
  forwardBackwardToJson,
  outputFromJson,
  outputToJson,
  type SampleResponse,
  sampleFromJson,
  sampleToJson,
  type Tensor,
} from "./index.ts";

const float = fc.float({ noNaN: true, noDefaultInfinity: true });
const floats = fc.array(float, { maxLength: 6 }).map((data) => Float32Array.from(data));
const ints = fc.array(fc.integer(), { maxLength: 6 }).map((data) => Int32Array.from(data));
const name = fc.string({ unit: "binary", maxLength: 8 });
const double = fc.double({ noNaN: true, noDefaultInfinity: true });
const tensor = fc.oneof(
  floats.map((data): Tensor => ({ kind: "floats", data })),
  ints.map((data): Tensor => ({ kind: "ints", data })),
);
const request: fc.Arbitrary<ForwardBackwardRequest> = fc.record({
  modelId: name,
  seqId: fc.integer(),
  data: fc.array(fc.record({ tokens: ints, inputs: fc.dictionary(name, tensor, { maxKeys: 3 }) }), {
    maxLength: 3,
  }),
  loss: name,
  lossConfig: fc.dictionary(name, double, { maxKeys: 2 }),
  forwardOnly: fc.boolean(),
});
const output: fc.Arbitrary<ForwardBackwardOutput> = fc.record({
  type: name,
  outputs: fc.array(fc.record({ logprobs: floats, other: floats }), { maxLength: 3 }),
  metrics: fc.dictionary(name, double, { maxKeys: 3 }),
});
const sample: fc.Arbitrary<SampleResponse> = fc.record({
  sequences: fc.array(
    fc.record({ stopReason: fc.constantFrom("stop", "length"), tokens: ints, logprobs: floats }),
    { maxLength: 3 },
  ),
  promptLogprobs: floats,
});

/** What is written comes back as it was. */
function returns<Message>(
  messages: fc.Arbitrary<Message>,
  ...ways: readonly ((message: Message) => Message)[]
): void {
  fc.assert(
    fc.property(messages, (message) => {
      for (const way of ways) expect(way(message)).toEqual(message);
    }),
    { numRuns: 4_000 },
  );
}

describe("what is written comes back", () => {
  test("requests", () => {
    returns(request, (message) => decodeForwardBackwardRequest(encodeForwardBackwardRequest(message)));
  });
  test("results of forward_backward", () => {
    returns(output, (message) => decodeForwardBackwardOutput(encodeForwardBackwardOutput(message)));
  });
  test("results of asample", () => {
    returns(sample, (message) => decodeSampleResponse(encodeSampleResponse(message)));
  });
  test("in JSON too, but for the sign of 0", () => {
    const through = (value: object): unknown => JSON.parse(JSON.stringify(value));
    fc.assert(
      fc.property(request, output, sample, (one, two, three) => {
        const asked = through(forwardBackwardToJson(one));
        expect(through(forwardBackwardToJson(forwardBackwardFromJson(asked, one.forwardOnly)))).toEqual(
          asked,
        );
        const result = through(outputToJson(two));
        expect(through(outputToJson(outputFromJson(result)))).toEqual(result);
        const sampled = through(sampleToJson(three));
        expect(through(sampleToJson(sampleFromJson(sampled)))).toEqual(sampled);
      }),
      { numRuns: 2_000 },
    );
  });
});

const decoders = [decodeForwardBackwardRequest, decodeForwardBackwardOutput, decodeSampleResponse];

/** Read, or refused by name: never another error, never anything that waits or fills the memory. */
function survives(bytes: Uint8Array): void {
  for (const decode of decoders) {
    try {
      decode(bytes);
    } catch (error) {
      if (!RrrError.is(error, "bad-argument")) throw error;
      expect(error.message).toMatch(/^tinker: /);
    }
  }
}

describe("hostile bytes are refused by name", () => {
  test("any bytes", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), survives), { numRuns: 10_000 });
  });

  test("messages that were cut or changed", () => {
    const changed = fc
      .tuple(
        fc.oneof(
          request.map(encodeForwardBackwardRequest),
          output.map(encodeForwardBackwardOutput),
          sample.map(encodeSampleResponse),
        ),
        fc.nat(),
        fc.nat(255),
        fc.nat(),
      )
      .map(([bytes, at, byte, end]) => {
        const copy = Uint8Array.from(bytes);
        if (copy.length > 0) copy[at % copy.length] = byte;
        return copy.subarray(0, end % (copy.length + 1));
      });
    fc.assert(fc.property(changed, survives), { numRuns: 10_000 });
  });

  test.each([
    ["a length beyond the end", [0x0a, 0x05, 0x41], "field 1 has 5 bytes, and 1 are there"],
    ["a length of 2⁶³", [0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f], "are there"],
    ["a number without an end", [0x10, 0xff, 0xff], "the bytes end inside a number"],
    ["a number of eleven bytes", [0x10, ...new Array(11).fill(0xff)], "more than ten bytes"],
    ["a number of 70 bits", [0x10, ...new Array(9).fill(0xff), 0x7f], "more than 64 bits"],
    ["a wrong wire type", [0x08, 0x01], "field 1 is written as varint, not as bytes"],
    ["a group", [0x0b], "wire type 3"],
    ["field 0", [0x02, 0x00], "field number 0"],
    ["text that is none", [0x0a, 0x01, 0xff], "field 1 is not in UTF-8"],
  ])("%s", (_, bytes, message) => {
    expect(() => decodeForwardBackwardRequest(Uint8Array.from(bytes))).toThrow(message);
  });

  test("a count of datums that nothing stands behind", () => {
    const bytes = Uint8Array.from([0x12, 0x06, 0x18, 0xff, 0xff, 0xff, 0xff, 0x0f]);
    expect(decodeForwardBackwardOutput(bytes).outputs).toEqual([]);
  });

  test("unknown fields are skipped, of every wire type", () => {
    const bytes = [
      0x58, 0x01, 0x61, 1, 2, 3, 4, 5, 6, 7, 8, 0x6a, 0x01, 0xff, 0x75, 1, 2, 3, 4, 0x0a, 0x01, 0x6d,
    ];
    expect(decodeForwardBackwardRequest(Uint8Array.from(bytes)).modelId).toBe("m");
  });

  test.each([
    [{ sequences: {} }, "sequences must be a list"],
    [{ sequences: [{ stop_reason: "eos", tokens: [] }] }, 'stop_reason is "eos"'],
    [{ sequences: [{ stop_reason: "stop", tokens: [1.5] }] }, "a whole number of 32 bits"],
    ["<html>", "must be an object"],
  ])("JSON %j", (value, message) => {
    expect(() => sampleFromJson(value)).toThrow(message);
  });
});

describe("what is made to be large in memory", () => {
  const repeated = (bytes: readonly number[], count: number): Uint8Array =>
    Uint8Array.from({ length: bytes.length * count }, (_, i) => bytes[i % bytes.length] as number);
  const inField = (tag: number, content: Uint8Array): Uint8Array => {
    const size: number[] = [];
    let rest = content.length;
    for (; rest > 127; rest >>= 7) size.push((rest & 127) | 128);
    return Uint8Array.from([tag, ...size, rest, ...content]);
  };

  test("of more datums than are read, one more is given", () => {
    const body = encodeForwardBackwardRequest({
      ...{ modelId: "m", seqId: 3, loss: "ppo", lossConfig: {}, forwardOnly: false },
      data: Array.from({ length: 9 }, () => ({ tokens: Int32Array.of(1), inputs: {} })),
    });
    const { modelId, seqId, data } = decodeForwardBackwardRequest(body, 3);
    expect([modelId, seqId, data.length]).toEqual(["m", 3, 4]);
    expect(decodeForwardBackwardRequest(body).data.length).toBe(9);
    const json = forwardBackwardToJson({ ...decodeForwardBackwardRequest(body) });
    expect(forwardBackwardFromJson(json, false, 3).data.length).toBe(4);
  });

  test.each<[string, Uint8Array]>([
    ["chunks of a datum", inField(0x1a, repeated([0x0a, 2, 0x0a, 0], 200_000))],
    ["settings of a loss", repeated([0x2a, 0], 200_000)],
    ["a shape", inField(0x1a, inField(0x12, inField(0x12, inField(0x22, repeated([1], 200_000)))))],
  ])("%s", (_, bytes) => {
    expect(() => decodeForwardBackwardRequest(bytes)).toThrow(/more than \d+ (fields|integers)/);
  });

  test("a record of many rows is read", () => {
    const outputs = Array.from({ length: 200_000 }, () => ({ logprobs: Float32Array.of(-1) }));
    const bytes = encodeForwardBackwardOutput({ type: "", outputs, metrics: {} });
    expect(decodeForwardBackwardOutput(bytes).outputs.length).toBe(200_000);
  });
});
