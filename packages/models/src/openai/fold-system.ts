import type { Message } from "@rrr/core";
import type { Attempt } from "../remote/ask.ts";

/**
 * How servers say that a model's template has no place for a system turn: Gemma's and Mistral's templates, o1-mini,
 * Gemma at Google, Anthropic's messages. A full stop may stand within `messages.0.role`.
 */
const REFUSED =
  /\bsystem\b.{0,80}\brole|\broles?\b.{0,80}\bsystem\b|\b(system|developer) (message|instruction|prompt)s?\b[^.]*\b(not|un\w+|invalid)\b|roles must alternate|only user\b.{0,30}\broles/i;

/**
 * Where a server refuses the system role, asks once more without it, and so from then on.
 * @param isFolded from the beginning
 * @param onFolded is told when it was found out
 */
export function foldingSystem(attempt: Attempt, isFolded: boolean, onFolded: () => void): Attempt {
  let folds = isFolded;
  return async (question, signal) => {
    if (!question.messages.some(({ role }) => role === "system")) return attempt(question, signal);
    const folded = { ...question, messages: foldSystem(question.messages) };
    if (folds) return attempt(folded, signal);
    const outcome = await attempt(question, signal);
    if (outcome.kind === "answer" || !REFUSED.test(outcome.problem)) return outcome;
    const second = await attempt(folded, signal);
    // Only an answer shows that it was the role.
    if (second.kind === "answer" && !folds) {
      folds = true;
      onFolded();
    }
    return second;
  };
}

/** The same conversation with what its system turns say at the start of its first user turn. */
export function foldSystem(messages: readonly Message[]): readonly Message[] {
  const system = messages.filter(({ role }) => role === "system");
  const rest = messages.filter(({ role }) => role !== "system");
  const said = system.map(({ content }) => content).join("\n\n");
  const tools = system.find((message) => message.tools !== undefined)?.tools;
  const at = rest.findIndex(({ role }) => role === "user");
  if (at === -1) return [{ role: "user", content: said, ...(tools && { tools }) }, ...rest];
  return rest.map((message, i) =>
    i === at ? { ...(tools && { tools }), ...message, content: `${said}\n\n${message.content}` } : message,
  );
}
