/** A regular expression with the flag g remembers where it stopped: every other verdict is wrong. */
import { fail, pass, type Task, type Verdict } from "@rrr/core";
import sound, { countX, type Item } from "./sound.ts";

const ANSWER = /<answer>(\d{1,4})<\/answer>/g;

const task: Task<Item> = {
  ...sound,
  verify(item: Item, completion: string): Verdict {
    const answer = ANSWER.exec(completion)?.[1];
    return Number(answer) === countX(item) ? pass() : fail("wrong-count");
  },
};

export default task;
