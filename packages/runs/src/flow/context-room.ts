import {
  attemptPrompt,
  type Message,
  parseItem,
  type RetryLayout,
  reflectionPrompt,
  retryPrompt,
  type Task,
} from "@rrr/core";
import type { ModelContext } from "../model/model-context.ts";
import type { ContextRoom } from "../spec/run-limits.ts";

/**
 * What a task's longest conversation takes of a context window. In the layout `note` a reflection's conversation may be the
 * longest; no retry sees all answers there, so that limits made for a conversation fit too.
 */
export async function contextRoom(
  task: Task,
  layout: RetryLayout,
  items: readonly unknown[],
  { length, tokensOf }: ModelContext,
): Promise<ContextRoom> {
  let longest:
    | { readonly bytes: number; readonly prompt: Frame; readonly frames: readonly Frame[] }
    | undefined;
  for (const item of items) {
    const parsed = await parseItem(task, item);
    try {
      const prompt = attemptPrompt(task, parsed);
      const failure = { item: parsed, prompt, completion: "" };
      const retry = retryPrompt(task, failure, "", layout);
      const frames = layout === "note" ? [retry, reflectionPrompt(task, failure)] : [retry];
      const bytes = Math.max(...frames.map((frame) => Buffer.byteLength(JSON.stringify(frame))));
      if (longest === undefined || bytes > longest.bytes) longest = { bytes, prompt, frames };
    } catch {
      // A task that cannot ask for a reflection on it errors there.
    }
  }
  if (longest === undefined) return { length, prompt: 0, round: 0 };
  const prompt = tokensOf(longest.prompt);
  return { length, prompt, round: Math.max(...longest.frames.map(tokensOf)) - prompt };
}

type Frame = readonly Message[];
