import { type Message, toolsOf, withToolsAsText } from "@rrr/core";
import type { EpisodePrompts } from "@rrr/plugins";
import { print } from "../output/print.ts";
import type { AfterTemplate } from "./after-template.ts";

const TOOLS_NOTE = "(A model whose chat template has a place for tools gets the functions there instead.)";

/** Prints the conversations of an episode; turns that an earlier stage has shown are not repeated. */
export function printPrompts(prompts: EpisodePrompts, template: AfterTemplate | undefined): void {
  const { attempt, reflection, retry, blindRetry, retryLayout } = prompts;
  const retries =
    retryLayout === "note"
      ? [
          section(
            "3. Retry: the attempt's messages, with the reflection as a note before the problem",
            retry,
          ),
          "── Control, fresh attempt: the attempt's messages",
        ]
      : [
          section("3. Retry: all of the above, then", retry.slice(reflection.length)),
          section("Control, blind retry: the attempt's messages, then", blindRetry.slice(attempt.length)),
        ];
  const text = [
    `Task ${prompts.task}, item ${JSON.stringify(prompts.item)}`,
    section("1. Attempt", attempt),
    section("2. Reflection (after a failed attempt): the above, then", reflection.slice(attempt.length)),
    ...retries,
    ...(template === undefined ? [] : [shownBy(template)]),
  ];
  print(`${text.join("\n\n")}\n`);
}

function section(title: string, messages: readonly Message[]): string {
  const note = toolsOf(messages) === undefined ? [] : [TOOLS_NOTE];
  const turns = withToolsAsText(messages).map(({ role, content }) => `[${role}]\n${content}`);
  return [`── ${title}`, ...turns, ...note].join("\n\n");
}

function shownBy({ model, text, retry }: AfterTemplate): string {
  return [`── 3. Retry, after the chat template of ${model}`, text.join("\n"), retry].join("\n\n");
}
