import type { Message } from "@rrr/core";
import type { CountdownItem } from "./item.ts";
import { problemKey } from "./split.ts";

/** The problem as one user turn, the same for every preset. */
export function countdownPrompt({ numbers, target }: CountdownItem): readonly Message[] {
  const content =
    `Using the numbers [${numbers.join(", ")}], create an equation that equals ${target}. ` +
    "You can use basic arithmetic operations (+, -, *, /) and each number must be used exactly once. " +
    "Show your work in <think> </think> tags and return the final equation in <answer> </answer> tags, " +
    "for example <answer>(1 + 2) / 3</answer>.";
  return [{ role: "user", content }];
}

/** Whether a problem is the prompt's own example: to copy the example would solve it, so it is never asked. */
export function isPromptExample(item: CountdownItem): boolean {
  return problemKey(item) === "1,2,3=1";
}
