/**
 * What the model is shown at each stage of an episode:
 *
 *     attempt      prompt…
 *     reflection   prompt…, assistant: attempt, user: request for a reflection
 *     retry        prompt…, assistant: attempt, user: request, assistant: reflection, user: last user turn of prompt
 *     blind retry  prompt…, assistant: attempt, user: last user turn of prompt
 *
 * In the layout `note` the retry does not see the failed attempt, only what the model made of it:
 *
 *     retry        prompt…, in whose last user turn the reflection, as a note, stands before the problem
 *     blind retry  prompt…: without a note, it is a fresh attempt
 *
 * `prompt…` is the task's own, all turns of it; completions are carried over as text, to the letter. The retry after a
 * reflection that was nothing but thought is a blind one. What follows a failed retry is built on its prompt in the same
 * way: a conversation grows, and a newer note stands before an older one.
 */
import { messageOf, RrrError } from "./errors.ts";
import type { Message } from "./message.ts";
import { defaultNote, type RetryLayout, retryLayoutOf } from "./retry-layout.ts";
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

/**
 * What a retry after a reflection is shown: the model's own, or a donor's.
 * @param layout default: the task's
 * @throws RrrError `bad-task`
 */
export function retryPrompt<Item>(
  task: Task<Item>,
  failure: Failure<Item>,
  reflection: string,
  layout: RetryLayout = retryLayoutOf(task),
): readonly Message[] {
  const asked = layout === "note" ? [] : reflectionPrompt(task, failure);
  return retryAfter(task, asked, failure, reflection, layout);
}

/** `retryPrompt` where the reflection's conversation is there already: the task is not asked for it again. */
export function retryAfter<Item>(
  task: Task<Item>,
  asked: readonly Message[],
  failure: Failure<Item>,
  reflection: string,
  layout: RetryLayout,
): readonly Message[] {
  if (layout === "note") return withNote(task, failure.prompt, reflection);
  return [...asked, { role: "assistant", content: reflection }, lastUserTurn(failure.prompt)];
}

/** The control: the problem again without a reflection, and after the failed attempt where retries see that. */
export function blindRetryPrompt(
  failure: Failure<unknown>,
  layout: RetryLayout = "conversation",
): readonly Message[] {
  if (layout === "note") return failure.prompt;
  return [
    ...failure.prompt,
    { role: "assistant", content: failure.completion },
    lastUserTurn(failure.prompt),
  ];
}

/** The problem stays last: how to answer is what the model reads at the end, as in its first attempt. */
function withNote<Item>(
  task: Task<Item>,
  prompt: readonly Message[],
  reflection: string,
): readonly Message[] {
  const problem = lastUserTurn(prompt);
  const note = attribute(task, "note", () =>
    task.note === undefined ? defaultNote(reflection) : task.note(reflection),
  );
  if (typeof note !== "string") {
    throw new RrrError("bad-task", `task "${task.name}": note() must return a string`);
  }
  const content = `${note}\n\n${problem.content}`;
  return prompt.map((turn) => (turn === problem ? { ...problem, content } : turn));
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
