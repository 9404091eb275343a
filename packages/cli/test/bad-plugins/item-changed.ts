/** The verifier sorts the item's own letters. */
import { fail, pass, type Task, type Verdict } from "@rrr/core";
import sound, { countX, type Item } from "./sound.ts";

const task: Task<Item> = {
  ...sound,
  verify(item: { letters: string }, completion: string): Verdict {
    item.letters = [...item.letters].sort().join("");
    return completion === `<answer>${countX(item satisfies Item)}</answer>` ? pass() : fail("wrong-count");
  },
};

export default task;
