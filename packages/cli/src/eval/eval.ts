import { isolatePlugin, loadTask, located } from "@rrr/plugins";
import { newRun, type OpenRun, toResult } from "@rrr/runs";
import { toTaskOptions } from "../commands/task-options.ts";
import { prepareModel } from "../models/prepare-model.ts";
import { ownVersion } from "../own-version.ts";
import { evaluateStage } from "../run/evaluate-stage.ts";
import { heldOutItems } from "../run/held-out.ts";
import { runIdentity } from "../run/identity.ts";
import { createMeter } from "../run/meter.ts";
import { withOutput } from "../run/with-output.ts";
import { BELOW_BAR, checkBars, missedBars } from "./bars.ts";
import { type EvalFlags, toEvalPlan } from "./eval-plan.ts";
import { spentText } from "./spent-text.ts";

/**
 * `rrr eval`: everything that can be refused is refused before the run folder is made.
 * @param open how to get the run: a new one, or for `rrr resume` the one that was interrupted
 */
export async function evaluatePlugin(
  plugin: string,
  flags: EvalFlags,
  cwd: string = process.cwd(),
  open: OpenRun = newRun(flags.out),
): Promise<void> {
  const { heldOut: limit, evaluation } = toEvalPlan(flags);
  const { concurrency: _, ...settings } = evaluation;
  checkBars(flags.failBelow ?? [], evaluation);
  const options = toTaskOptions(flags);
  const loaded = await loadTask(plugin, located(options, cwd), cwd);
  const heldOut = await heldOutItems(loaded.task, flags.seed, limit);
  const warn = (text: string): void => void process.stderr.write(`rrr: ${text}\n`);
  const prepared = await prepareModel(flags, loaded.task.name, cwd, warn);
  const task = await isolatePlugin(loaded, located(options, cwd), flags);
  const header = {
    rrrVersion: ownVersion(),
    command: "eval",
    task: task.name,
    plugin: loaded.file,
    model: flags.model,
    seed: flags.seed,
    settings,
    identity: runIdentity(loaded, options, heldOut, prepared.identity, settings),
    invocation: { plugin, flags, cwd },
  } as const;
  try {
    const result = await withOutput(
      () => open(header),
      flags,
      async (output) => {
        const meter = createMeter(prepared.model);
        const measured = await evaluateStage({ ...output, task, meter, heldOut }, "evaluate", evaluation);
        output.display.note(spentText(prepared));
        const { name } = task;
        return toResult(
          { task: name, model: flags.model, seed: flags.seed, steps: 0, reward: "retry" },
          measured,
        );
      },
    );
    const missed = missedBars(result, flags.failBelow ?? []);
    for (const line of missed) process.stderr.write(`rrr: ${line}\n`);
    if (missed.length > 0) process.exitCode = BELOW_BAR;
    const { errored, problems, samples } = result.before;
    if (errored === problems * samples) {
      process.stderr.write("rrr: everything errored; `rrr show <run> --failed` says why.\n");
      process.exitCode = 1;
    }
  } finally {
    await prepared.close();
    await task.close();
  }
}
