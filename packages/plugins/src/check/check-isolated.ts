import { verifyWithin } from "@rrr/core";
import type { Finding, TaskFindingCode } from "@rrr/core/testing";
import { isolatePlugin } from "../load/isolate-plugin.ts";
import type { LoadedTask, TaskOptions } from "../load/load-task.ts";

/** Items are asked one at a time: what is missing in the other process is missing for the first ones, too. */
const ITEMS = 10;

/**
 * Whether the verifier says the same where a run calls it: in a process of its own, in which `items()` was never
 * called. One that looks up there what `items()` left behind finds nothing.
 */
export async function checkIsolated(
  loaded: LoadedTask,
  options: TaskOptions,
  seed: number,
): Promise<Finding<TaskFindingCode> | undefined> {
  const { task } = loaded;
  const isolated = await isolatePlugin(loaded, options, { isolate: "process" });
  try {
    let count = 0;
    for await (const item of task.items("test", seed)) {
      for (const completion of [task.gold?.(item), ""]) {
        if (completion === undefined) continue;
        const here = await verifyWithin(task, item, completion);
        const there = await verifyWithin(isolated, item, completion);
        if (here.kind === there.kind) continue;
        const reason = there.kind === "invalid" ? ` (${there.error.message})` : "";
        const message =
          `${JSON.stringify(completion)} for ${JSON.stringify(item)}: ${here.kind}, but ${there.kind}${reason} in a ` +
          "process where items() was not called; verify() must depend on nothing but the item and the completion";
        return { code: "verdict-varies", message };
      }
      if (++count >= ITEMS) break;
    }
    return undefined;
  } finally {
    await isolated.close();
  }
}
