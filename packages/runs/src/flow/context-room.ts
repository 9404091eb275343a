import { attemptPrompt, type Message, parseItem, retryPrompt, type Task } from "@rrr/core";
import type { ModelContext } from "../model/model-context.ts";
import type { ContextRoom } from "../spec/run-limits.ts";

/** What a task's longest conversation takes of a context window. */
export async function contextRoom(
  task: Task,
  items: readonly unknown[],
  { length, tokensOf }: ModelContext,
): Promise<ContextRoom> {
  let longest: { readonly bytes: number; readonly prompt: Frame; readonly retry: Frame } | undefined;
  for (const item of items) {
    const parsed = await parseItem(task, item);
    try {
      const prompt = attemptPrompt(task, parsed);
      const retry = retryPrompt(task, { item: parsed, prompt, completion: "" }, "");
      const bytes = Buffer.byteLength(JSON.stringify(retry));
      if (longest === undefined || bytes > longest.bytes) longest = { bytes, prompt, retry };
    } catch {
      // A task that cannot ask for a reflection on it errors there.
    }
  }
  if (longest === undefined) return { length, prompt: 0, round: 0 };
  const prompt = tokensOf(longest.prompt);
  return { length, prompt, round: tokensOf(longest.retry) - prompt };
}

type Frame = readonly Message[];
