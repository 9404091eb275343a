import * as functionCalling from "@rrr/task-function-calling";
import { expect, it } from "vitest";

// To add a name here is to promise it; to remove one is to break somebody's program.
it("@rrr/task-function-calling exports this and nothing else", () => {
  expect(Object.keys(functionCalling).toSorted()).toEqual([
    "JsonNumber",
    "default",
    "drawSample",
    "functionCallInstructions",
    "functionCallPrompt",
    "functionCallSchema",
    "functionCalling",
    "loadBfcl",
    "loadItems",
    "loadXlam",
    "readCalls",
    "small",
    "splitOfQuery",
    "splitOfTools",
    "toPlain",
    "verifyFunctionCalls",
  ]);
});
