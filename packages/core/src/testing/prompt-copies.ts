import type { Message } from "../message.ts";
import { withToolsAsText } from "../tools-as-text.ts";

/** A part of a prompt that a model may say again as its answer. */
export interface PromptCopy {
  /** `line`: one of several in a message. `block`: within fences or tags, with them and without. */
  readonly kind: "prompt" | "message" | "line" | "block";
  readonly text: string;
}

const BLOCKS = [/```[^\n]*\n([\s\S]*?)```/g, /<([a-z][\w-]*)>([\s\S]*?)<\/\1>/gi];

/** What of a prompt can be copied as an answer: all of it, each message, each line, each block; each text once, trimmed. */
export function promptCopies(prompt: readonly Message[]): readonly PromptCopy[] {
  const contents = withToolsAsText(prompt).map(({ content }) => content);
  const copies: PromptCopy[] = [
    { kind: "prompt", text: contents.join("\n\n") },
    ...contents.map((text) => ({ kind: "message", text }) as const),
    ...contents.flatMap(blocksIn).map((text) => ({ kind: "block", text }) as const),
    ...contents.flatMap((content) => content.split("\n").map((text) => ({ kind: "line", text }) as const)),
  ];
  const trimmed = copies
    .map(({ kind, text }) => ({ kind, text: text.trim() }))
    .filter(({ text }) => text !== "");
  // Of the same text, the first counts: a block of one line is no line of several.
  return [...new Map(trimmed.toReversed().map((copy) => [copy.text, copy])).values()].toReversed();
}

function blocksIn(text: string): readonly string[] {
  return BLOCKS.flatMap((block) =>
    [...text.matchAll(block)].flatMap((found) => [found[0], found.at(-1) ?? ""]),
  );
}
