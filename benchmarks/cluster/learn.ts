import { take } from "@rrr/core";
import { countdown } from "@rrr/task-countdown";
import { createPolicy, type Engine, evaluate, mine, resultOf, train } from "@rrr/trainer";

/** Shares of held-out problems. */
interface Shares {
  readonly firstTry: number;
  readonly afterReflection: number;
}

/** What a training run came to. */
export interface Learned {
  readonly before?: Shares;
  readonly after?: Shares;
  readonly steps: readonly {
    readonly passRate: number;
    readonly gradNorm: number;
    readonly seconds: number;
  }[];
}

/**
 * Reflect, Retry, Reward on Countdown, with what every server can do: no clipping of the norm, no weight decay.
 * @param problems held out; 0 measures nothing before and after
 */
export async function learnCountdown(
  engine: Engine,
  { steps, problems }: { readonly steps: number; readonly problems: number },
): Promise<Learned> {
  const task = countdown({ preset: "small" });
  const items = await take(task.items("test", 0), problems);
  const policy = createPolicy(engine);
  const measure = async (): Promise<Shares> => {
    const { rates } = await resultOf(evaluate(task, policy, items, { controls: false }));
    return { firstTry: rates.first?.value ?? Number.NaN, afterReflection: rates.after?.value ?? Number.NaN };
  };
  const before = problems > 0 ? await measure() : undefined;
  const failures = await resultOf(
    mine(task, policy, task.items("train", 0), { limit: 96, concurrency: 128 }),
  );
  const settings = {
    ...{ steps, failuresPerStep: 12, groupSize: 8, maxGradNorm: 0, weightDecay: 0 },
    schedule: { learningRate: 1e-3, warmup: 0, decay: "constant" },
  } as const;
  const made: { passRate: number; gradNorm: number; seconds: number }[] = [];
  for await (const { passRate, update, seconds } of train(task, engine, failures, settings)) {
    const gradNorm = update?.gradNorm ?? 0;
    made.push({ passRate, gradNorm, seconds: seconds.sampling + seconds.update });
    process.stderr.write(`  passed ${passRate.toFixed(3)}, gradient ${gradNorm.toFixed(4)}\n`);
  }
  const after = problems > 0 ? await measure() : undefined;
  return before === undefined || after === undefined ? { steps: made } : { before, after, steps: made };
}
