import { type LimitSource, TURNS } from "../spec/run-limits.ts";
import type { PresetSource } from "../spec/run-spec.ts";
import { count } from "./format.ts";
import type { Result } from "./result.ts";

const LIMITS_FROM: Readonly<Record<LimitSource, string>> = {
  option: "as asked for",
  configuration: "from the configuration",
  task: "the task's own",
  builtin: "made for the built-in model",
  default: "the default",
  context: "what the model's context window has room for",
  data: "what the longest accepted answer may need",
  settings: "by the training settings",
};

const PRESET_FROM: Readonly<Record<PresetSource, string>> = {
  option: "as asked for",
  configuration: "from the configuration",
  builtin: "for the built-in model",
  other: "for models other than the built-in one",
};

/** Which problems were asked and how long answers could be, and who said so; empty for a run that does not tell. */
export function chosenText({ preset, limits }: Pick<Result, "preset" | "limits">): string {
  const problems = preset === undefined ? "" : `Preset ${preset.name}, ${PRESET_FROM[preset.from]}. `;
  if (limits === undefined) return problems.trimEnd();
  const sources = [...new Set(TURNS.map((turn) => limits.from[turn]))];
  const most = sources.map((source) => {
    const turns = TURNS.filter((turn) => limits.from[turn] === source);
    const isOne = turns.includes("attempt") && turns.includes("retry") && limits.attempt === limits.retry;
    const named = turns
      .filter((turn) => !(isOne && turn === "retry"))
      .map((turn) => `${count(limits[turn])} for ${isOne && turn === "attempt" ? ANSWER : NAMES[turn]}`);
    return `${named.join(", ")} (${LIMITS_FROM[source]})`;
  });
  return `${problems}Most tokens: ${most.join("; ")}.`;
}

const ANSWER = "an attempt or a retry";
const NAMES = { attempt: "an attempt", reflection: "a reflection", retry: "a retry" } as const;
