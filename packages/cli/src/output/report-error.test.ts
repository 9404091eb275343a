import { RrrError } from "@rrr/core";
import { CommanderError } from "commander";
import { expect, test } from "vitest";
import { errorLine, toErrorReport } from "./report-error.ts";

test.each([
  [
    new RrrError("bad-item", "not an\n  item", { hint: "Give\nanother." }),
    1,
    "not an item [bad-item]. Give another.",
  ],
  [
    new RrrError("bad-model", "config.json is missing"),
    1,
    "config.json is missing [bad-model]. Download or export the model again.",
  ],
  [
    new CommanderError(1, "commander.unknownOption", "error: unknown option '--x'"),
    2,
    "unknown option '--x' [bad-argument]. Add --help to see what there is.",
  ],
  [
    new TypeError("x is undefined"),
    1,
    "x is undefined [unexpected]. This is a bug in rrr; set RRR_DEBUG=1 to see where it happened.",
  ],
])("one line with a code and what to do: %s", (error, exitCode, line) => {
  const report = toErrorReport(error);
  expect(errorLine(report)).toBe(line);
  expect(report.exitCode).toBe(exitCode);
});
