import { itemsOf, messageOf, parseItem, RrrError, type Task } from "@rrr/core";

/** The item given as JSON, else the first held-out one of the task. @throws RrrError `bad-argument`, `bad-item` */
export async function chooseItem(task: Task, json: string | undefined, seed: number): Promise<unknown> {
  if (json !== undefined) return parseItem(task, parseJson(json));
  for await (const item of itemsOf(task, "test", seed)) return parseItem(task, item);
  throw new RrrError("bad-task", `task "${task.name}" has no held-out items`, {
    hint: "Give one with --item.",
  });
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new RrrError("bad-argument", `--item is not JSON: ${messageOf(cause)}`, {
      cause,
      hint: "Quote it for the shell: --item '{\"name\": 1}'.",
    });
  }
}
