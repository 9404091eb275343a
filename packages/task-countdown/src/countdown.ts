import {
  createRandom,
  definePlugin,
  defineTask,
  deriveKey,
  oneOf,
  type Plugin,
  RrrError,
  schemaOf,
  type Task,
} from "@rrr/core";
import { generateItems } from "./generate.ts";
import { type CountdownItem, countdownSchema } from "./item.ts";
import { statesAnswer } from "./leaks.ts";
import { loadItems } from "./load.ts";
import { PRESETS, type PresetName, type ProblemSpace } from "./presets.ts";
import { countdownPrompt, isPromptExample } from "./prompt.ts";
import { type RangeOption, rangeWithin, toRange } from "./range.ts";
import { showAnswer, showItem } from "./show.ts";
import { solve } from "./solve.ts";
import { problemKey, type Split, splitOf } from "./split.ts";
import { type VerifyOptions, verifyCountdown } from "./verify.ts";

export interface CountdownOptions extends VerifyOptions {
  /** What the other options start from. Default `small`. */
  readonly preset?: PresetName;
  /** How many numbers a problem has. */
  readonly count?: RangeOption;
  /** What each of them may be. */
  readonly numbers?: RangeOption;
  /** What is to be made of them. */
  readonly target?: RangeOption;
  /** A JSON Lines or Parquet file of problems, instead of generated ones; split by problem like those. */
  readonly data?: string;
}

/**
 * The Countdown task: make a target of a few numbers, each used exactly once.
 * @throws RrrError `bad-argument` for an unknown option or preset, or an impossible range.
 * @example countdown({ preset: "tinyzero", count: { min: 4, max: 4 } })
 */
export const countdown: Plugin<CountdownOptions, Task<CountdownItem>> = definePlugin({
  name: "countdown",
  options: {
    preset: oneOf(...(Object.keys(PRESETS) as PresetName[])),
    data: schemaOf(isText, "the path of a JSON Lines or Parquet file"),
    // More than six numbers could not be solved in reasonable time.
    count: rangeWithin({ min: 2, max: 6 }, "how many numbers a problem has"),
    numbers: rangeWithin({ min: 0, max: 1_000_000 }, "what each of them may be"),
    target: rangeWithin({ min: -1_000_000_000, max: 1_000_000_000 }, "what is to be made of them"),
    strict: schemaOf((value): value is boolean => typeof value === "boolean", "true or false"),
  },
  presets: { builtin: "small", other: "tinyzero" },
  create({ preset: name = "small", data, strict = false, ...given }) {
    const { limits, ...preset } = PRESETS[name];
    const { count, numbers, target } = { ...preset, ...given };
    const space: ProblemSpace = { count: toRange(count), numbers: toRange(numbers), target: toRange(target) };
    return defineTask<CountdownItem>({
      name: "countdown",
      schema: countdownSchema,
      items: (split, seed) =>
        data === undefined ? generateItems(space, split, seed) : fileItems(data, split, seed),
      prompt: (item) => countdownPrompt(item, name),
      verify: (item, completion) => verifyCountdown(item, completion, { strict }),
      limits,
      gold: (item) => `<answer>${solveOrThrow(item)}</answer>`,
      leaks: statesAnswer,
      showItem,
      showAnswer,
    });
  },
});

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function solveOrThrow(item: CountdownItem): string {
  const solution = solve(item);
  if (solution !== undefined) return solution;
  throw new RrrError("bad-item", `no equation makes ${item.target} of ${item.numbers.join(", ")}`);
}

async function* fileItems(path: string, split: Split, seed: number): AsyncGenerator<CountdownItem, void> {
  const distinct = new Map((await loadItems(path)).map((item) => [problemKey(item), item]));
  const held = [...distinct.values()].filter((item) => splitOf(item) === split && !isPromptExample(item));
  yield* createRandom(deriveKey(seed, "countdown", split)).shuffle(held);
}
