/** The verifier ends the program where it does not know what to do. */
import type { Task, Verdict, VerifyContext } from "@rrr/core";
import sound, { type Item } from "./sound.ts";

const task: Task<Item> = {
  ...sound,
  verify(item: Item, completion: string, context: VerifyContext): Verdict | Promise<Verdict> {
    if (completion.includes("\u0000")) process.exit(3);
    return sound.verify(item, completion, context);
  },
};

export default task;
