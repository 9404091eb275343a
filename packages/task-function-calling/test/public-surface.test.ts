import * as functionCalling from "@rrr/task-function-calling";
import { expect, it } from "vitest";

// To add a name here is to promise it; to remove one is to break somebody's program.
it("@rrr/task-function-calling exports this and nothing else", () => {
  expect(Object.keys(functionCalling).toSorted()).toEqual([
    "JsonNumber",
    "PRESETS",
    "default",
    "drawSample",
    "fromPlain",
    "functionCallInstructions",
    "functionCallPrompt",
    "functionCallSchema",
    "functionCalling",
    "generateItems",
    "loadBfcl",
    "loadItems",
    "loadXlam",
    "matchBfcl",
    "parseAccepted",
    "parseJson",
    "readCalls",
    "sameJson",
    "small",
    "splitOfAnswer",
    "splitOfQuery",
    "splitOfTools",
    "toPlain",
    "verifyFunctionCalls",
  ]);
});
