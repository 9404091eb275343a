import { type RetryLayout, RrrError, type TemplateHistory } from "@rrr/core";

/**
 * Whether the retry reads what would be trained. A thought that is left out can be left out of training too; from a
 * reflection that comes back otherwise, nobody knows what was read. A note is part of what the user says: no template
 * takes it for an earlier answer.
 * @throws RrrError `bad-model`
 */
export function checkHistory({ reflection }: TemplateHistory, layout: RetryLayout): void {
  if (reflection !== "rewritten" || layout === "note") return;
  throw new RrrError(
    "bad-model",
    "the chat template does not show earlier answers as they were written: a reflection would be trained that no retry reads",
    {
      hint:
        "Put a template into the model's folder that writes each message's content as it is, or choose the retry " +
        'layout "note".',
    },
  );
}
