import { messageOf } from "@rrr/core";
import {
  findings,
  noteOf,
  type RunReader,
  resultBars,
  resultRows,
  runSettings,
  runState,
  storedResult,
  unfinishedNote,
} from "@rrr/runs";
import type { ResultAnswer, RevisionAnswer, RunAnswer, RunLine } from "./api.ts";

/** What there is to say of a run without reading its episodes. */
export function runAnswer(reader: RunReader, line: RunLine): RunAnswer {
  const run = reader.refresh();
  const { folder, rrrVersion: version, seed, reward, endedAt, error, changes } = run;
  return {
    ...line,
    ...{ folder, version, seed, reward, changes },
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(error === undefined ? {} : { failure: error }),
    settings: runSettings(run),
    steps: reader.steps().length,
    checkpoints: reader.checkpoints().map(({ step, isMeasured }) => ({ step, isMeasured })),
    revision: reader.newest(),
  };
}

export function revisionAnswer(reader: RunReader): RevisionAnswer {
  const { status, folder } = reader.refresh();
  return { revision: reader.newest(), state: runState({ status, folder }) };
}

/** What a run came to so far. */
export function resultAnswer(reader: RunReader): ResultAnswer {
  const { status } = reader.refresh();
  try {
    const result = storedResult(reader);
    const isFinished = status === "finished";
    const { before, after } = result;
    const last = after ?? before;
    return {
      ...{ kind: "result", ...resultRows(result, isFinished), findings: findings(result, isFinished) },
      bars: resultBars(result, status),
      note: noteOf(before.samples),
      ...(isFinished ? {} : { unfinished: `This run is ${unfinishedNote(status, last)}` }),
    };
  } catch (error) {
    return { kind: "none", why: messageOf(error) };
  }
}
