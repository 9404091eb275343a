/** The seed decides what is held out: what one seed holds out, another trains on. */
import { deriveKey, type Task } from "@rrr/core";
import sound, { drawLetters, type Item } from "./sound.ts";

const task: Task<Item> = {
  ...sound,
  *items(split: "train" | "test", seed: number): Generator<Item> {
    for (let i = 0; i < 50; i++)
      yield { letters: drawLetters(deriveKey(7, seed + i * 2 + (split === "test" ? 0 : 1))) };
  },
};

export default task;
