import { checkOptions, createRandom, defineTask, deriveKey, RrrError, type Task } from "@rrr/core";
import { generateItems } from "./generate.ts";
import { type CountdownItem, countdownSchema } from "./item.ts";
import { statesAnswer } from "./leaks.ts";
import { loadItems } from "./load.ts";
import { checkSpace, getPreset, type PresetName, type ProblemSpace } from "./presets.ts";
import { countdownPrompt, isPromptExample } from "./prompt.ts";
import { solve } from "./solve.ts";
import { problemKey, type Split, splitOf } from "./split.ts";
import { type VerifyOptions, verifyCountdown } from "./verify.ts";

export interface CountdownOptions extends VerifyOptions, Partial<ProblemSpace> {
  /** What the other options start from. Default `small`. */
  readonly preset?: PresetName;
  /** A JSON Lines or Parquet file of problems, instead of generated ones; split by problem like those. */
  readonly data?: string;
}

/**
 * The Countdown task: make a target of a few numbers, each used exactly once.
 * @throws RrrError `bad-argument` for an unknown option or preset, or an impossible range.
 * @example countdown({ preset: "tinyzero", count: { min: 4, max: 4 } })
 */
export function countdown(options: CountdownOptions = {}): Task<CountdownItem> {
  checkOptions("countdown", options, ["preset", "data", "count", "numbers", "target", "strict"]);
  const preset = getPreset(options.preset ?? "small");
  const { count = preset.count, numbers = preset.numbers, target = preset.target, data } = options;
  const space: ProblemSpace = { count, numbers, target };
  checkSpace(space);
  return defineTask<CountdownItem>({
    name: "countdown",
    schema: countdownSchema,
    items: (split, seed) =>
      data === undefined ? generateItems(space, split, seed) : fileItems(data, split, seed),
    prompt: countdownPrompt,
    verify: (item, completion) => verifyCountdown(item, completion, options),
    limits: preset.limits,
    gold: (item) => `<answer>${solveOrThrow(item)}</answer>`,
    leaks: statesAnswer,
  });
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
