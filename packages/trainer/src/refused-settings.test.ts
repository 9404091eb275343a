/** Settings as plain JavaScript hands them over: what is unknown or out of range is refused by name, before any work. */
import { fail } from "@rrr/core";
import { describe, expect, test } from "vitest";
import { microEngine } from "../test/micro-engine.ts";
import { evaluate } from "./evaluate/evaluate.ts";
import { DEFAULT_EVALUATION_SETTINGS } from "./evaluate/evaluation.ts";
import { spoken, toyTask } from "./fixtures/toy-task.ts";
import { DEFAULT_MINING_SETTINGS, mine } from "./mine.ts";
import { createPolicy } from "./policy.ts";
import { DEFAULT_PRETRAIN_SETTINGS, pretrain } from "./pretrain.ts";
import { train } from "./train/train.ts";
import { TRAIN_SETTINGS } from "./train/train-settings.ts";

type Untyped = Readonly<Record<string, unknown>>;
/** A value, the start of the message that refuses it, and where another name is near, that name. */
type Refused = readonly [settings: Untyped, message: string, nearest?: string];

const engine = microEngine();
const policy = createPolicy(engine);
const items = [{ digit: 1 }];
const prompt = [{ role: "user", content: "say 1" }] as const;
const attempt = { prompt, completion: spoken("2"), verdict: fail("wrong") };
const failures = [{ kind: "failed", item: { digit: 1 }, attempt }] as const;

const calls = {
  train: (settings: Untyped) => train(toyTask, engine, failures, settings as never),
  mine: (settings: Untyped) => mine(toyTask, policy, items, settings as never),
  evaluate: (settings: Untyped) => evaluate(toyTask, policy, items, settings as never),
  pretrain: (settings: Untyped) => pretrain(engine, () => [], settings as never),
};

const no = (kind: string, ...values: readonly unknown[]) => ({ kind, values });
const wholeFrom = (least: number) =>
  no(`not a whole number of at least ${least}`, least - 1, 1.5, "3", null, Number.NaN, Infinity, undefined);
const numberFromZero = no("not a number of at least 0", -0.1, "1", null, Number.NaN, Infinity, undefined);
const numberTo = (most: number) => no(`not a number from 0 to ${most}`, -0.1, most + 1, "0", Number.NaN);
const signal = no("not an AbortSignal", null, true, {});
const limits: Record<string, ReturnType<typeof no>> = {
  "limits.attempt": wholeFrom(1),
  "limits.reflection": wholeFrom(1),
};
const schedule: Record<string, ReturnType<typeof no>> = {
  "schedule.learningRate": numberFromZero,
  "schedule.warmup": numberTo(1),
};
const rollout: Record<string, ReturnType<typeof no>> = {
  seed: wholeFrom(0),
  limits: no("not an object of settings", 8, null),
  verifyTimeoutMs: numberTo(2 ** 31 - 1),
  signal,
};
const sampling = { ...rollout, temperature: numberFromZero, concurrency: wholeFrom(1) };

const refused: Record<keyof typeof calls, Record<string, ReturnType<typeof no>>> = {
  train: {
    ...{ ...rollout, ...limits, ...schedule, schedule: no("not an object of settings", 1e-3, undefined) },
    ...{
      steps: wholeFrom(1),
      firstStep: wholeFrom(0),
      failuresPerStep: wholeFrom(1),
      groupSize: wholeFrom(2),
    },
    ...{ updates: wholeFrom(1), clipLow: numberFromZero, clipHigh: numberFromZero },
    ...{ klCoefficient: numberFromZero, maxGradNorm: numberFromZero, weightDecay: numberFromZero },
    reference: no("not an engine", {}, null, "frozen"),
  },
  mine: { ...sampling, ...limits, attempts: wholeFrom(1), limit: wholeFrom(0), maxItems: wholeFrom(0) },
  evaluate: {
    ...{ ...sampling, ...limits, samples: wholeFrom(1), rounds: wholeFrom(1) },
    ...{ controls: no("not true or false", 1, "yes", null), greedy: no("not true or false", 0, undefined) },
  },
  pretrain: {
    ...{ ...schedule, steps: wholeFrom(1), firstStep: wholeFrom(0), signal },
    ...{ weightDecay: numberFromZero, maxGradNorm: numberFromZero },
    beta2: no("not a number from 0 to below 1", -0.1, 1, Number.NaN, "0.9"),
  },
};

const named: Record<keyof typeof calls, readonly Refused[]> = {
  train: [
    [{ clipHi: 0.3 }, 'train has no setting "clipHi"', "clipHigh"],
    [{ rounds: 2 }, 'train has no setting "rounds"'],
    [{ temperature: 0.5 }, 'train has no setting "temperature"'],
    [{ normalization: "gspo" }, 'normalization is "gspo"', "grpo"],
    [{ normalization: "dr-grpo" }, 'normalization is "dr-grpo"', "dr_grpo"],
    [{ normalization: undefined }, "normalization is undefined"],
    [{ advantageScale: "sdt" }, 'advantageScale is "sdt"'],
    [{ advantageScale: "non" }, 'advantageScale is "non"', "none"],
    [{ reward: "retries" }, 'reward is "retries"', "retry"],
    [{ reward: { kind: "retry" } }, 'reward is {"kind":"retry"}'],
    [{ schedule: { learningRate: 1, warmup: 0, decay: "linaer" } }, 'schedule.decay is "linaer"', "linear"],
    [
      { schedule: { learningRate: 1, warmpu: 0, decay: "linear" } },
      'schedule has no setting "warmpu"',
      "warmup",
    ],
    [{ limits: { attempt: 8, reflections: 8 } }, 'limits has no setting "reflections"', "reflection"],
  ],
  mine: [
    [{ attempt: 3 }, 'mine has no setting "attempt"', "attempts"],
    [{ rounds: 2 }, 'mine has no setting "rounds"'],
  ],
  evaluate: [
    [{ sample: 2 }, 'evaluate has no setting "sample"', "samples"],
    [{ round: 2 }, 'evaluate has no setting "round"', "rounds"],
  ],
  pretrain: [
    [{ learningRate: 1 }, 'pretrain has no setting "learningRate"'],
    [{ beta1: 0.9 }, 'pretrain has no setting "beta1"', "beta2"],
    [{ schedule: { learningRate: 1, warmup: 0, decay: "cosin" } }, 'schedule.decay is "cosin"', "cosine"],
  ],
};

/** Settings in which one thing is wrong; what is inside of a group gets the rest of the group beside it. */
function withWrong(name: string, value: unknown): Untyped {
  const [outer = "", inner] = name.split(".");
  if (inner === undefined) return { [outer]: value };
  const groups = { limits: { attempt: 8, reflection: 8 }, schedule: TRAIN_SETTINGS.builtin.schedule };
  return { [outer]: { ...groups[outer as keyof typeof groups], [inner]: value } };
}

describe.each(Object.keys(calls) as (keyof typeof calls)[])("%s", (call) => {
  const table = Object.entries(refused[call]).flatMap(([name, { kind, values }]) =>
    values.map((value) => [name, value, kind] as const),
  );
  test.each(table)("%s cannot be %o: %s", async (name, value, kind) => {
    const run = calls[call](withWrong(name, value));
    await expect(run.next()).rejects.toMatchObject({
      code: "bad-argument",
      message: expect.stringMatching(new RegExp(`^${name} is .+, ${kind}$`)),
    });
  });

  test.each(named[call].map((refusal) => [...refusal] as const))("%o is refused: %s", async (...refusal) => {
    const [settings, message, nearest] = refusal;
    const run = calls[call](settings);
    await expect(run.next()).rejects.toMatchObject({
      code: "bad-argument",
      message,
      hint: expect.stringMatching(nearest === undefined ? /^It (has|may be) / : `Did you mean "${nearest}"?`),
    });
  });
});

test("what may be left out may be undefined", async () => {
  const optional = { limits: undefined, verifyTimeoutMs: undefined, signal: undefined };
  const short = { steps: 1, failuresPerStep: 1, groupSize: 2, reference: undefined };
  for (const run of [
    calls.train({ ...optional, ...short }),
    calls.mine({ ...optional, attempts: 1 }),
    calls.evaluate(optional),
    calls.pretrain({ steps: 1, firstStep: 1, signal: undefined }),
  ])
    await expect(run.next()).resolves.toBeDefined();
});

test("every default has been tried with something else", () => {
  const tried = (call: keyof typeof calls): Set<string> =>
    new Set([
      ...Object.keys(refused[call]).map((name) => name.split(".")[0] as string),
      ...named[call].flatMap(([settings]) => Object.keys(settings)),
    ]);
  const defaults = [
    ["train", TRAIN_SETTINGS.builtin],
    ["mine", DEFAULT_MINING_SETTINGS],
    ["evaluate", DEFAULT_EVALUATION_SETTINGS],
    ["pretrain", DEFAULT_PRETRAIN_SETTINGS],
  ] as const;
  for (const [call, settings] of defaults)
    expect([call, Object.keys(settings).filter((name) => !tried(call).has(name))]).toEqual([call, []]);
});
