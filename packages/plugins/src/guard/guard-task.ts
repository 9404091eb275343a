import type { Task } from "@rrr/core";
import { guarded, isGuarding } from "./guard.ts";

/** What a verifier may take where nothing else is said: a schema or a prompt needs no more. */
const CALL_MS = 5_000;

/** A task whose methods keep to the limits of `guardPlugins`. It inherits, so that one with a prototype stays whole. */
export function guardTask(task: Task): Task {
  if (!isGuarding()) return task;
  const call = <Value>(method: string, run: () => Value): Value =>
    guarded(`the plugin's ${method}`, run, CALL_MS);
  const { gold, leaks, showItem, showAnswer, verify } = task;
  const standard = task.schema["~standard"];
  const guards: Partial<Task> = {
    items: (split, seed) => guardedItems(() => task.items(split, seed)),
    prompt: (item) => call("prompt()", () => task.prompt(item)),
    reflect: (failure) => call("reflect()", () => task.reflect(failure)),
    schema: Object.assign(Object.create(task.schema), {
      "~standard": {
        ...standard,
        validate: (value: unknown) => call("schema", () => standard.validate(value)),
      },
    }),
    // Where it runs elsewhere, it has limits of its own.
    ...(verify.within === undefined && {
      verify: (...args) => call("verify()", () => task.verify(...args)),
    }),
    ...(gold && { gold: (item) => call("gold()", () => gold.call(task, item)) }),
    ...(leaks && { leaks: (item, reflection) => call("leaks()", () => leaks.call(task, item, reflection)) }),
    ...(showItem && { showItem: (item) => call("showItem()", () => showItem.call(task, item)) }),
    ...(showAnswer && {
      showAnswer: (item, text) => call("showAnswer()", () => showAnswer.call(task, item, text)),
    }),
  };
  return Object.assign(Object.create(task), guards);
}

type Items = ReturnType<Task["items"]>;

/** Each item has the time that a plugin has for loading: the first may have to read a file. */
async function* guardedItems(open: () => Items): AsyncGenerator<unknown, void, undefined> {
  const step = <Value>(run: () => Value): Value => guarded("the plugin's items()", run);
  const items = step(open);
  const iterator = step(() =>
    Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator](),
  );
  let isDone = false;
  try {
    for (;;) {
      const next = await step(() => iterator.next());
      isDone = next.done === true;
      if (next.done) return;
      yield next.value;
    }
  } catch (error) {
    isDone = true;
    throw error;
  } finally {
    if (!isDone) await step(async () => iterator.return?.());
  }
}
