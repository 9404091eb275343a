/** The request for a reflection tells what would have been right. */
import type { Failure, Task } from "@rrr/core";
import sound, { countX, type Item } from "./sound.ts";

const task: Task<Item> = {
  ...sound,
  feedback: true,
  reflect: ({ item }: Failure<Item>): string =>
    `That was wrong: the right count is ${countX(item)}. What went wrong, in one sentence?`,
};

export default task;
