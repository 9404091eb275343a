import { malformed } from "../malformed.ts";
import type { SampleResponse, WireSample } from "../messages.ts";
import { fieldsOf } from "./field.ts";
import { floatBytes, intBytes, toFloats, toInts } from "./numbers.ts";
import { bytesField, integerField, joined, messageField } from "./write.ts";

const NAME = "SampleResponse";
const REASONS = ["stop", "length"] as const;
const MOST_SEQUENCES = 65_536;

/** The result of `asample`, with `Content-Type: application/x-protobuf`. */
export function encodeSampleResponse({ sequences, promptLogprobs }: SampleResponse): Uint8Array {
  return joined([
    ...sequences.flatMap(({ stopReason, tokens, logprobs }) =>
      messageField(1, [
        ...integerField(1, REASONS.indexOf(stopReason)),
        ...bytesField(2, intBytes(tokens)),
        ...bytesField(3, floatBytes(logprobs)),
      ]),
    ),
    ...(promptLogprobs.length === 0 ? [] : bytesField(2, floatBytes(promptLogprobs))),
  ]);
}

/** What `encodeSampleResponse` wrote. @throws RrrError `bad-argument` */
export function decodeSampleResponse(bytes: Uint8Array): SampleResponse {
  const sequences: WireSample[] = [];
  let promptLogprobs: Float32Array = new Float32Array(0);
  for (const field of fieldsOf(bytes, NAME, MOST_SEQUENCES)) {
    if (field.number === 1) sequences.push(readSequence(field.bytes()));
    else if (field.number === 2) promptLogprobs = toFloats(field.bytes(), NAME);
  }
  return { sequences, promptLogprobs };
}

function readSequence(bytes: Uint8Array): WireSample {
  const what = `${NAME}.sequences`;
  let reason = 0;
  let tokens: Int32Array = new Int32Array(0);
  let logprobs: Float32Array = new Float32Array(0);
  for (const field of fieldsOf(bytes, what)) {
    if (field.number === 1) reason = field.integer();
    else if (field.number === 2) tokens = toInts(field.bytes(), what);
    else if (field.number === 3) logprobs = toFloats(field.bytes(), what);
  }
  const stopReason = REASONS[reason];
  if (stopReason === undefined) throw malformed(`${what}: stop reason ${reason}`);
  return { stopReason, tokens, logprobs };
}
