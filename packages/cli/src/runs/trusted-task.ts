import { RrrError } from "@rrr/core";
import type { TaskOptions } from "@rrr/plugins";
import { findRun, type StoredRun, untrusted, wantedByTask } from "@rrr/runs";
import { askToAllow } from "../output/allow.ts";

/** The task of a run, to be loaded again. @throws RrrError `bad-run` where a run of an older version does not say it */
function taskOf(
  { folder, spec }: StoredRun,
  plugin: string | undefined,
): { readonly module: string; readonly options: TaskOptions } {
  const { options = {} } = spec?.task ?? {};
  const module = plugin ?? spec?.task.module;
  if (module !== undefined) return { module, options };
  throw new RrrError(
    "bad-run",
    `${folder} is of an older format, which does not say how its task is opened`,
    {
      hint: "Name the task with --plugin.",
    },
  );
}

/**
 * A run and the task that its answers are checked with.
 * @throws RrrError `bad-run` for a run from elsewhere whose task nobody here has named
 */
export async function trustedTask(
  name: string,
  { plugin, allow = [] }: { readonly plugin?: string; readonly allow?: readonly string[] },
  cwd: string,
): Promise<{ readonly run: StoredRun } & ReturnType<typeof taskOf>> {
  const run = findRun(name, cwd);
  const task = taskOf(run, plugin);
  if (run.spec !== undefined) {
    await askToAllow(
      run,
      untrusted(run, { allow }, cwd, (spec) => wantedByTask(spec, cwd, plugin)),
    );
  }
  return { run, ...task };
}
