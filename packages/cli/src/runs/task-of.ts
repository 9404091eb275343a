import { RrrError } from "@rrr/core";
import type { TaskOptions } from "@rrr/plugins";
import type { StoredRun } from "@rrr/runs";

/** The task of a run, to be loaded again. @throws RrrError `bad-run` where a run of an older version does not say it */
export function taskOf(
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
