import { RrrError } from "@rrr/core";
import { historyOf } from "../report/history-text.ts";
import { notesOf } from "../report/notes.ts";
import { chosenOf, type Result, toResult } from "../report/result.ts";
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
  const { task, model, seed, reward, spec, identity, changes } = run;
  const chosen = spec === undefined ? {} : chosenOf(spec);
  const history = historyOf(identity);
  const training = reader.training();
  const header = {
    ...{ task, model, seed, steps: reader.steps().length, reward, notes: notesOf(identity), ...chosen },
    ...(changes.length > 0 && { changes }),
    ...(history !== undefined && { history }),
    ...(training !== undefined && { training }),
  };
  return toResult(header, first, second);
}
