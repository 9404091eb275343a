import type { Task } from "./task.ts";

/**
 * What a retry is shown beside the problem. `conversation`: all that came before, the failed attempt, the request and the
 * reflection. `note`: the reflection alone: small models copy a failed attempt that they see.
 */
export type RetryLayout = "conversation" | "note";

export const RETRY_LAYOUTS: readonly [RetryLayout, ...RetryLayout[]] = ["conversation", "note"];

/** The layout of a rollout: as its settings say, else as the task does, else a conversation. */
export function retryLayoutOf(
  task: Pick<Task, "retryLayout">,
  { retryLayout }: { readonly retryLayout?: RetryLayout } = {},
): RetryLayout {
  return retryLayout ?? task.retryLayout ?? "conversation";
}

/** The words around a reflection in the layout `note`, where the task has none of its own; the problem follows. */
export function defaultNote(reflection: string): string {
  return `You wrote this note after a failed try at the problem below:\n\n<note>\n${reflection}\n</note>`;
}
