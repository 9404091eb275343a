/** The gold completion lacks the tags that the verifier wants. */
import type { Task } from "@rrr/core";
import sound, { countX, type Item } from "./sound.ts";

const task: Task<Item> = { ...sound, gold: (item: Item): string => `The answer is ${countX(item)}.` };

export default task;
