import { itemsOf, type Message, RrrError, reflectionPrompt, type Task, toFailure } from "@rrr/core";
import { type MinedFailure, type MiningCounts, mine } from "@rrr/trainer";
import { limitsOf } from "../spec/run-limits.ts";
import type { ProgressEvent, RunEvent } from "./events.ts";
import { withPulse } from "./pulse.ts";
import { type TrainingContext, waiting } from "./run-context.ts";
import { createSpeed } from "./speed.ts";

const PULSE_MS = 1_000;

/** Collects attempts at training problems that failed, behind those that an earlier process collected. */
export async function* mineStage({
  task,
  model,
  plan,
  spec,
  store,
  signal,
}: TrainingContext): AsyncGenerator<RunEvent, readonly MinedFailure[], undefined> {
  const earlier = await store.mined(task);
  if (earlier.isDone) return earlier.failures;
  yield { kind: "stage", stage: "mine" };
  const { seed, mining } = plan;
  const speed = createSpeed();
  let last: MiningCounts = earlier.counts;
  const progress = (): ProgressEvent => {
    const { failures: done, items: problems, mastered, attempts, errored } = last;
    const counts = { done, total: mining.limit, problems, mastered, attempts, errored };
    const now = { ...counts, ...waiting(model), ...speed(model.sampledTokens()) };
    return { kind: "progress", stage: "mine", unit: "failures", ...now };
  };

  yield progress();
  // More under way than are wanted would be sampled for nothing.
  const concurrency = Math.min(mining.limit, mining.concurrency);
  const settings = {
    ...mining,
    limits: limitsOf(spec, task),
    seed,
    concurrency,
    after: earlier.counts,
    signal,
  };
  const work = withPulse(mine(task, model.counting, itemsOf(task, "train", seed), settings), PULSE_MS);
  try {
    for (;;) {
      const next = await work.next();
      if (next.done) {
        const { items: problems, attempts, errored } = last;
        const failures = [...earlier.failures, ...next.value];
        store.endMining();
        yield { kind: "failures", failures: failures.length, problems, attempts, errored };
        if (failures.length === 0 && errored > 0) throw allErrored(last);
        return failures;
      }
      if (next.value !== undefined) {
        last = next.value;
        const { failure } = next.value;
        store.addMined(next.value, failure && requestFor(task, failure));
        if (failure !== undefined) yield { kind: "failure", failure };
      }
      yield progress();
    }
  } finally {
    await work.return(undefined as never);
  }
}

/** For readers that have no task; one that cannot ask errors in training, which says so. */
function requestFor(task: Task, failure: MinedFailure): readonly Message[] | undefined {
  try {
    return reflectionPrompt(task, toFailure(failure));
  } catch {
    return undefined;
  }
}

function allErrored({ errored, attempts }: MiningCounts): RrrError {
  return new RrrError(
    "no-failures",
    `no failures to learn from: ${errored} of ${attempts} attempts errored`,
    {
      hint: "`rrr check` finds what is wrong with a verifier; the run's result counts what errored before.",
    },
  );
}
