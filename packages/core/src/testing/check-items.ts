import { attemptPrompt } from "../conversation.ts";
import { show } from "../show.ts";
import type { SchemaResult } from "../standard-schema.ts";
import type { Subject, TaskSuite } from "./task-suite.ts";

/** Each item passes its schema, as it is and as `run.db` and JSON Lines keep it, and has the same prompt twice. */
export async function checkItems<Item>(
  suite: TaskSuite<Item>,
  items: readonly Item[],
): Promise<readonly Subject<Item>[]> {
  const subjects: Subject<Item>[] = [];
  for (const raw of items) {
    const item = await accepted(suite, raw);
    suite.tell({ kind: "checking", codes: ["broken"], what: `prompt() and gold() of ${show(item)}` });
    const json = JSON.stringify(item);
    const prompt = attemptPrompt(suite.task, item);
    if (JSON.stringify(attemptPrompt(suite.task, item)) !== JSON.stringify(prompt)) {
      suite.report("not-reproducible", `prompt() of ${show(item)} was another the second time`);
    }
    const promptText = prompt.map(({ content, tools }) => content + JSON.stringify(tools ?? "")).join("\n");
    subjects.push({ item, json, prompt, promptText, gold: suite.task.gold?.(item) });
  }
  return subjects;
}

/** What the schema makes of the item; the item itself where it is refused, so that the other checks can go on. */
async function accepted<Item>({ task, report, tell }: TaskSuite<Item>, item: Item): Promise<Item> {
  tell({ kind: "checking", codes: ["schema-refuses-item"], what: show(item) });
  const validate = async (value: unknown): Promise<SchemaResult<Item>> =>
    task.schema["~standard"].validate(value);
  const result = await validate(item);
  if (result.issues !== undefined) {
    report("schema-refuses-item", `${result.issues[0]?.message ?? "refused"}: ${show(item)}`);
    return item;
  }
  const { issues } = await validate(JSON.parse(JSON.stringify(item)));
  if (issues !== undefined) {
    report("schema-refuses-item", `${issues[0]?.message ?? "refused"}: ${show(item)} read back from JSON`);
  }
  return result.value;
}
