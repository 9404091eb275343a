import type { Completion, TokenUsage } from "@rrr/core";
import type { Answer } from "./outcome.ts";

/** An answer as a server says it. */
export interface Said {
  readonly text: string;
  /** Tool calls as text; empty where there are none. */
  readonly calls: string;
  readonly reasoning: string;
}

/** All that was written, in one. */
export function allOf({ text, calls, reasoning }: Said): string {
  return reasoning + text + calls;
}

/** Tool calls come after what was said beside them. */
export function toAnswer(
  { text, calls, reasoning }: Said,
  finish: Completion["finish"],
  usage: TokenUsage | undefined,
): Answer {
  return {
    kind: "answer",
    completion: {
      text: [text, calls].filter((part) => part !== "").join("\n"),
      finish,
      ...(usage === undefined ? {} : { usage }),
      ...(reasoning === "" ? {} : { reasoning }),
    },
  };
}
