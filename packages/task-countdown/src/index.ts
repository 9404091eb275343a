// The default is what `rrr run countdown` calls, with `--preset`, `--data` and `--task.<name>` as its options.
export { type CountdownOptions, countdown, countdown as default } from "./countdown.ts";
export { generateItems, listProblems } from "./generate.ts";
export { type CountdownItem, countdownSchema } from "./item.ts";
export { statesAnswer } from "./leaks.ts";
export { loadItems } from "./load.ts";
export { PRESETS, type Preset, type PresetName, type ProblemSpace } from "./presets.ts";
export { countdownPrompt } from "./prompt.ts";
export type { Range, RangeOption } from "./range.ts";
export { allSolutions, reachableTargets, solve } from "./solve.ts";
export { type Split, splitOf } from "./split.ts";
export { type CountdownFailCode, type VerifyOptions, verifyCountdown } from "./verify.ts";
