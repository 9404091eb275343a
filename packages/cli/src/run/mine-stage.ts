import { type MinedFailure, type MiningProgress, mine } from "@rrr/trainer";
import { count } from "../display/format.ts";
import type { Progress } from "../display/progress.ts";
import { drain } from "./drain.ts";
import type { RunContext } from "./run-context.ts";

/** Collects attempts at training problems that failed: what reflections are trained on. */
export async function mineStage(context: RunContext): Promise<readonly MinedFailure[]> {
  const { task, policy, plan, store, display, emit } = context;
  const { seed, failures: limit } = plan;
  const started = performance.now();
  let last: MiningProgress | undefined;
  const failures = await drain(mine(task, policy, task.items("train", seed), { seed, limit }), (progress) => {
    last = progress;
    display.update(toProgress(progress, limit, (performance.now() - started) / 1000));
  });
  store.addEpisodes(failures.map((episode, problem) => ({ stage: "mine", problem, member: 0, episode })));
  const { items = 0, attempts = 0, errored = 0 } = last ?? {};
  emit({ kind: "failures", failures: failures.length, problems: items, attempts, errored });
  return failures;
}

function toProgress(progress: MiningProgress, limit: number, seconds: number): Progress {
  const { failures, items, mastered, attempts, errored, sampledTokens } = progress;
  const facts: (readonly [string, string])[] = [
    ["problems", count(items)],
    ["never failed", count(mastered)],
    ["attempts", count(attempts)],
  ];
  if (errored > 0) facts.push(["errored", count(errored)]);
  facts.push(["tokens/s", count(sampledTokens / seconds)]);
  return { stage: "collect failures", done: failures, total: limit, unit: "failures", facts };
}
