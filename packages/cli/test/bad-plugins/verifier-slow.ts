/** Long outputs are looked up somewhere else, which takes its time. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Task, Verdict, VerifyContext } from "@rrr/core";
import sound, { type Item } from "./sound.ts";

const task: Task<Item> = {
  ...sound,
  async verify(item: Item, completion: string, context: VerifyContext): Promise<Verdict> {
    if (completion.length > 50_000) await sleep(1_500);
    return sound.verify(item, completion, context);
  },
};

export default task;
