/** Items depend on how many were made before, not on the seed. */
import { deriveKey, type Task } from "@rrr/core";
import sound, { drawLetters, type Item } from "./sound.ts";

let made = 0;

const task: Task<Item> = {
  ...sound,
  *items(split: "train" | "test"): Generator<Item> {
    for (;;) yield { letters: drawLetters(deriveKey(made++, split)) };
  },
};

export default task;
