import type { Message } from "@rrr/core";
import type { CountdownItem } from "./item.ts";
import type { PresetName } from "./presets.ts";
import { problemKey } from "./split.ts";

/**
 * The problem as one user turn. Only that of the built-in model's preset has an example, as it was taught to read: a weak
 * model copies an example instead of an answer.
 */
export function countdownPrompt({ numbers, target }: CountdownItem, preset: PresetName): readonly Message[] {
  const content =
    `Using the numbers [${numbers.join(", ")}], create an equation that equals ${target}. ` +
    "You can use basic arithmetic operations (+, -, *, /) and each number must be used exactly once. " +
    "Show your work in <think> </think> tags and return the final equation in <answer> </answer> tags";
  const end = preset === "small" ? ", for example <answer>(1 + 2) / 3</answer>." : ".";
  return [{ role: "user", content: `${content}${end}` }];
}

/** Whether a problem is the example of a prompt: to copy the example would solve it, so no preset asks it. */
export function isPromptExample(item: CountdownItem): boolean {
  return problemKey(item) === "1,2,3=1";
}
