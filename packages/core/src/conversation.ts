/**
 * What the model is shown at each stage of an episode:
 *
 *     attempt      prompt…
 *     reflection   prompt…, assistant: attempt, user: request for a reflection
 *     retry        prompt…, assistant: attempt, user: request, assistant: reflection, user: last user turn of prompt
 *     blind retry  prompt…, assistant: attempt, user: last user turn of prompt
 *
 * `prompt…` is the task's own, all turns of it; completions are carried over as text, to the letter. The retry after a
 * reflection that was nothing but thought is a blind one.
 */
import { messageOf, RrrError } from "./errors.ts";
import type { Message } from "./message.ts";
import type { Failure, Task } from "./task.ts";

/** The task's own prompt. @throws RrrError `bad-task` when the task cannot make it, or it has no user turn. */
export function attemptPrompt<Item>(task: Task<Item>, item: Item): readonly Message[] {
  const prompt = attribute(task, "prompt", () => task.prompt(item));
  if (!Array.isArray(prompt) || !prompt.some(isUserTurn)) {
    throw new RrrError("bad-task", `task "${task.name}": prompt() must return messages with a user turn`);
  }
  return prompt;
}

/** The conversation up to and including the request for a reflection. @throws RrrError `bad-task` */
export function reflectionPrompt<Item>(task: Task<Item>, failure: Failure<Item>): readonly Message[] {
  const content = attribute(task, "reflect", () => task.reflect(failure));
  if (typeof content !== "string") {
    throw new RrrError("bad-task", `task "${task.name}": reflect() must return a string`);
  }
  return [...failure.prompt, { role: "assistant", content: failure.completion }, { role: "user", content }];
}

/** The reflection's conversation, a reflection on it (the model's own, or a donor's), and the problem again. */
export function retryPrompt<Item>(
  task: Task<Item>,
  failure: Failure<Item>,
  reflection: string,
): readonly Message[] {
  return retryAfter(reflectionPrompt(task, failure), failure, reflection);
}

/** `retryPrompt` where the reflection's conversation is there already: the task is not asked for it again. */
export function retryAfter(
  asked: readonly Message[],
  failure: Failure<unknown>,
  reflection: string,
): readonly Message[] {
  return [...asked, { role: "assistant", content: reflection }, lastUserTurn(failure.prompt)];
}

/** The control: the problem again after the failed attempt, without a reflection. */
export function blindRetryPrompt(failure: Failure<unknown>): readonly Message[] {
  return [
    ...failure.prompt,
    { role: "assistant", content: failure.completion },
    lastUserTurn(failure.prompt),
  ];
}

function lastUserTurn(prompt: readonly Message[]): Message {
  const turn = prompt.findLast(isUserTurn);
  if (turn === undefined) throw new RrrError("bad-task", "a task's prompt must have a user turn");
  return turn;
}

function isUserTurn(message: Message): boolean {
  return message.role === "user";
}

function attribute<T>(task: Pick<Task, "name">, method: string, call: () => T): T {
  try {
    return call();
  } catch (cause) {
    throw new RrrError("bad-task", `task "${task.name}": ${method}() threw: ${messageOf(cause)}`, { cause });
  }
}
