import { malformed } from "../malformed.ts";
import type { SampleResponse, WireSample } from "../messages.ts";
import { floatsOf, intsOf, listOf, objectOf } from "./read.ts";

/** The result of `asample` in JSON. */
export function sampleToJson({ sequences, promptLogprobs }: SampleResponse): object {
  return {
    type: "sample",
    sequences: sequences.map(({ stopReason, tokens, logprobs }) => ({
      stop_reason: stopReason,
      tokens: [...tokens],
      logprobs: [...logprobs],
    })),
    ...(promptLogprobs.length === 0
      ? {}
      : { prompt_logprobs: Array.from(promptLogprobs, (each) => (Number.isFinite(each) ? each : null)) }),
  };
}

/** What `sampleToJson` made. @throws RrrError `bad-argument` */
export function sampleFromJson(value: unknown): SampleResponse {
  const { sequences, prompt_logprobs } = objectOf(value, "the result");
  return {
    sequences: listOf(sequences, "sequences").map((each, i) => sequenceFromJson(each, `sequences[${i}]`)),
    promptLogprobs: floatsOf(prompt_logprobs ?? [], "prompt_logprobs"),
  };
}

function sequenceFromJson(value: unknown, what: string): WireSample {
  const { stop_reason: stopReason, tokens, logprobs } = objectOf(value, what);
  if (stopReason !== "stop" && stopReason !== "length") {
    throw malformed(`${what}.stop_reason is ${JSON.stringify(stopReason)}`);
  }
  return {
    stopReason,
    tokens: intsOf(tokens, `${what}.tokens`),
    logprobs: floatsOf(logprobs ?? [], `${what}.logprobs`),
  };
}
