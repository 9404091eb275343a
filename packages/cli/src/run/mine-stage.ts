import { parsedItems, RrrError } from "@rrr/core";
import { count } from "@rrr/runs";
import { DEFAULT_MINING_SETTINGS, type MinedFailure, type MiningProgress, mine } from "@rrr/trainer";
import type { Progress } from "../display/progress.ts";
import { drain } from "./drain.ts";
import type { RunContext } from "./run-context.ts";
import { showStage } from "./show-stage.ts";

/** Collects attempts at training problems that failed: what reflections are trained on. */
export async function mineStage(context: RunContext): Promise<readonly MinedFailure[]> {
  const { task, meter, plan, store, emit } = context;
  context.enter("mine");
  const { seed, failures: limit } = plan;
  let last: Counts = { failures: 0, items: 0, mastered: 0, attempts: 0, errored: 0 };
  const failures = await showStage(context, (look) => {
    look(toProgress(last, limit));
    // More under way than are wanted would be sampled for nothing.
    const concurrency = Math.min(limit, DEFAULT_MINING_SETTINGS.concurrency);
    const work = mine(task, meter.model, parsedItems(task, "train", seed), { seed, limit, concurrency });
    return drain(work, (progress) => {
      last = progress;
      look(toProgress(progress, limit));
    });
  });
  store.addFailures(failures);
  const { items, attempts, errored } = last;
  emit({ kind: "failures", failures: failures.length, problems: items, attempts, errored });
  if (failures.length === 0 && errored > 0) {
    throw new RrrError(
      "no-failures",
      `no failures to learn from: ${errored} of ${attempts} attempts errored`,
      {
        hint: "`rrr check` finds what is wrong with a verifier; the run's result counts what errored before.",
      },
    );
  }
  return failures;
}

type Counts = Omit<MiningProgress, "sampledTokens" | "duplicates">;

function toProgress({ failures, items, mastered, attempts, errored }: Counts, limit: number): Progress {
  const facts: (readonly [string, string])[] = [
    ["problems", count(items)],
    ["never failed", count(mastered)],
    ["attempts", count(attempts)],
  ];
  if (errored > 0) facts.push(["errored", count(errored)]);
  return { stage: "collect failures", done: failures, total: limit, unit: "failures", facts };
}
