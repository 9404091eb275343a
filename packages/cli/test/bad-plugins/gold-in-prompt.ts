/** A note for the author was left in the prompt. */
import type { Message, Task } from "@rrr/core";
import sound, { countX, type Item } from "./sound.ts";

const task: Task<Item> = {
  ...sound,
  prompt: ({ letters }: Item): Message[] => [
    { role: "user", content: `How many of ${letters} are x (${countX({ letters })})? Use <answer> tags.` },
  ],
};

export default task;
