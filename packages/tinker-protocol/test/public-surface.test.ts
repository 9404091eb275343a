import * as protocol from "@rrr/tinker-protocol";
import { expect, it } from "vitest";

// To add a name here is to promise it; to remove one is to break somebody's program.
it("@rrr/tinker-protocol exports this and nothing else", () => {
  expect(Object.keys(protocol).toSorted()).toEqual([
    "decodeForwardBackwardOutput",
    "decodeForwardBackwardRequest",
    "decodeSampleResponse",
    "encodeForwardBackwardOutput",
    "encodeForwardBackwardRequest",
    "encodeSampleResponse",
    "forwardBackwardFromJson",
    "forwardBackwardToJson",
    "listOf",
    "numberOf",
    "objectOf",
    "outputFromJson",
    "outputToJson",
    "sampleFromJson",
    "sampleToJson",
    "textOf",
    "tokensFromJson",
    "tokensToJson",
  ]);
});
