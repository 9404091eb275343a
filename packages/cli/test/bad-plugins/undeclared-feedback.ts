/** The request for a reflection tells why the verifier failed the attempt. */
import type { Failure, Task } from "@rrr/core";
import sound, { type Item } from "./sound.ts";

const task: Task<Item> = {
  ...sound,
  reflect: ({ completion }: Failure<Item>): string =>
    completion.includes("<answer>") ? "Your count was wrong. Why?" : "You gave no answer. Why?",
};

export default task;
