/** The schema wants a list where the items have text. */
import { schemaOf, type Task } from "@rrr/core";
import sound, { type Item } from "./sound.ts";

const isItem = (value: unknown): value is Item => Array.isArray((value as Item | null)?.letters);
const schema = schemaOf(isItem, "{ letters: a list }");

const task: Task<Item> = { ...sound, schema };

export default task;
