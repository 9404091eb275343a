import { RrrError } from "@rrr/core";
import { historyOf } from "../report/history-text.ts";
import { type Result, toResult } from "../report/result.ts";
import type { RunReader } from "./run-reader.ts";

/** What a run has come to so far. @throws RrrError `bad-run` where nothing was evaluated yet */
export function storedResult(reader: RunReader): Result {
  const { run, stages } = reader;
  const [first, second] = stages.map((stage) => reader.measured(stage));
  if (first === undefined) {
    throw new RrrError("bad-run", `${run.folder} has no results yet`, {
      hint: `It is ${run.status}; \`rrr resume ${run.folder}\` resumes it.`,
    });
  }
  const { task, model, seed, reward } = run;
  const history = historyOf(run.identity);
  const header = { task, model, seed, steps: reader.steps().length, reward };
  return toResult({ ...header, ...(history === undefined ? {} : { history }) }, first, second);
}
