import { RrrError } from "@rrr/core";
import { loadTask } from "@rrr/plugins";
import { openRunReader, type RunReader, scoreRun, scoreText, storedResult } from "@rrr/runs";
import { print, printJson } from "../output/print.ts";
import { trustedTask } from "./trusted-task.ts";

export interface ScoreFlags {
  readonly plugin?: string;
  /** As `plugin=./my-task.mjs` each. */
  readonly allow?: readonly string[];
  readonly json?: true;
}

/** `rrr score`. @throws RrrError as loading the plugin does, `bad-run` where there is no score */
export async function score(name: string, flags: ScoreFlags): Promise<void> {
  const cwd = process.cwd();
  const { run, module, options } = await trustedTask(name, flags, cwd);
  const { task } = await loadTask(module, options, cwd);
  const reader = openRunReader(run.folder);
  try {
    const { notes = [] } = storedResult(reader);
    const scores = await scoreRun(reader, task);
    if (scores.every(({ lines }) => lines.first.length === 0)) throw noScore(reader);
    const text = [scoreText(scores), ...notes.map((note) => `${note}\n`)].join("\n");
    if (flags.json) printJson({ scores, notes });
    else print(text);
  } finally {
    reader.close();
  }
}

function noScore({ run: { folder, task } }: RunReader): RrrError {
  return new RrrError("bad-run", `${folder}: the task ${task} has no score of its own for these problems`, {
    hint: "`rrr show` has the figures that every run has.",
  });
}
