import { RrrError } from "@rrr/core";
import { loadTask } from "@rrr/plugins";
import { findRun, openRunReader, type RunReader, scoreRun, scoreText, storedResult } from "@rrr/runs";
import { taskOf } from "./task-of.ts";

export interface ScoreFlags {
  readonly plugin?: string;
  readonly json?: true;
}

/** `rrr score`. @throws RrrError as loading the plugin does, `bad-run` where there is no score */
export async function score(name: string, { plugin, json }: ScoreFlags): Promise<void> {
  const run = findRun(name, process.cwd());
  const { module, options } = taskOf(run, plugin);
  const { task } = await loadTask(module, options, process.cwd());
  const reader = openRunReader(run.folder);
  try {
    const { notes = [] } = storedResult(reader);
    const scores = await scoreRun(reader, task);
    if (scores.every(({ lines }) => lines.first.length === 0)) throw noScore(reader);
    const text = [scoreText(scores), ...notes.map((note) => `${note}\n`)].join("\n");
    process.stdout.write(json ? `${JSON.stringify({ scores, notes })}\n` : text);
  } finally {
    reader.close();
  }
}

function noScore({ run: { folder, task } }: RunReader): RrrError {
  return new RrrError("bad-run", `${folder}: the task ${task} has no score of its own for these problems`, {
    hint: "`rrr show` has the figures that every run has.",
  });
}
