/** An output passes that has the right number anywhere, so one that lists all numbers always does. */
import { fail, pass, type Task, type Verdict } from "@rrr/core";
import sound, { countX, type Item } from "./sound.ts";

const task: Task<Item> = {
  ...sound,
  verify: (item: Item, completion: string): Verdict =>
    new RegExp(`\\b${countX(item)}\\b`).test(completion) ? pass() : fail("wrong-count"),
};

export default task;
