/** The verifier looks for the end of an answer that has none, for ever. */
import type { Task, Verdict, VerifyContext } from "@rrr/core";
import sound, { type Item } from "./sound.ts";

const task: Task<Item> = {
  ...sound,
  verify(item: Item, completion: string, context: VerifyContext): Verdict | Promise<Verdict> {
    let end = completion.indexOf("<answer>");
    while (end >= 0 && !completion.startsWith("</answer>", end)) end = (end + 1) % completion.length;
    return sound.verify(item, completion, context);
  },
};

export default task;
