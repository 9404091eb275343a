import type { Task } from "@rrr/core";
import { countdown } from "./countdown.ts";
import type { CountdownItem } from "./item.ts";

export { type CountdownOptions, countdown } from "./countdown.ts";
export { generateItems, listProblems } from "./generate.ts";
export { type CountdownItem, countdownSchema } from "./item.ts";
export { statesAnswer } from "./leaks.ts";
export { loadItems } from "./load.ts";
export { PRESETS, type Preset, type PresetName, type ProblemSpace, type Range } from "./presets.ts";
export { countdownPrompt } from "./prompt.ts";
export { allSolutions, reachableTargets, solve } from "./solve.ts";
export { type Split, splitOf } from "./split.ts";
export { type CountdownFailCode, type VerifyOptions, verifyCountdown } from "./verify.ts";

/** The task as `rrr run countdown` runs it: preset `small`. */
const task: Task<CountdownItem> = countdown();
export default task;
