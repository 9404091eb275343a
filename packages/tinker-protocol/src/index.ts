// The messages that carry numbers.

export type {
  ForwardBackwardOutput,
  ForwardBackwardRequest,
  SampleResponse,
  Tensor,
  WireDatum,
  WireSample,
} from "./messages.ts";

// As protobuf, what newer servers and clients speak.

export {
  decodeForwardBackwardOutput,
  encodeForwardBackwardOutput,
} from "./protobuf/forward-backward-output.ts";
export {
  decodeForwardBackwardRequest,
  encodeForwardBackwardRequest,
} from "./protobuf/forward-backward-request.ts";
export { decodeSampleResponse, encodeSampleResponse } from "./protobuf/sample-response.ts";

// As JSON, what older ones speak, and checked reading of everything else.

export {
  forwardBackwardFromJson,
  forwardBackwardToJson,
  outputFromJson,
  outputToJson,
} from "./json/forward-backward.ts";
export { type Json, listOf, numberOf, objectOf, textOf } from "./json/read.ts";
export { sampleFromJson, sampleToJson } from "./json/sample.ts";
export { tokensFromJson, tokensToJson } from "./json/tokens.ts";
