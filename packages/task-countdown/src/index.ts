// The default is what `rrr run countdown` calls, with `--preset`, `--data` and `--task.<name>` as its options.
export { type CountdownOptions, countdown, countdown as default } from "./countdown.ts";
export { type CountdownItem, countdownSchema } from "./item.ts";
export { loadItems } from "./load.ts";
export type { PresetName } from "./presets.ts";
export type { Range, RangeOption } from "./range.ts";
export { solve } from "./solve.ts";
export { type Split, splitOf } from "./split.ts";
export { type CountdownFailCode, type VerifyOptions, verifyCountdown } from "./verify.ts";
