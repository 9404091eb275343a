import { RrrError, type TemplateHistory } from "@rrr/core";

/**
 * Whether the retry reads what would be trained. A thought that is left out can be left out of training too; from a
 * reflection that comes back otherwise, nobody knows what was read.
 * @throws RrrError `bad-model`
 */
export function checkHistory({ reflection }: TemplateHistory): void {
  if (reflection !== "rewritten") return;
  throw new RrrError(
    "bad-model",
    "the chat template does not show earlier answers as they were written: a reflection would be trained that no retry reads",
    { hint: "Put a template into the model's folder that writes each message's content as it is." },
  );
}
