import { RrrError } from "@rrr/core";
import { SECRET_VALUE } from "./secret-value.ts";

/** Fields that another option has, and what it would mean to set them past it. */
const OF_OPTIONS: Readonly<Record<string, string>> = {
  model: "Name the model with --model.",
  messages: "The task makes the messages.",
  n: "Each answer is a request of its own; --samples asks for more of them.",
  stream: "Use --stream.",
  temperature: "Use --temperature; null leaves the field out.",
  seed: "Use --seed; null leaves the field out.",
  max_tokens: "Use the options for token limits; null leaves the field out.",
  max_completion_tokens: "Use the options for token limits; null leaves the field out.",
};
const CANNOT_LEAVE = ["model", "messages", "n"];

const SECRET_FIELD =
  /^(api|access|auth|secret|private)?[-_]?key$|authorization|password|secret|(api|access|auth)[-_]?token/i;

/**
 * Fields of requests are kept with the run, so that they hold no secret; and what the report says was asked, was asked.
 * @throws RrrError `bad-argument`
 */
export function checkBody(name: string, body: unknown): void {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw refuse(`${name} must be an object`, `Write {"top_p": 0.9}, for example.`);
  }
  for (const [field, value] of Object.entries(body)) {
    const hint = OF_OPTIONS[field];
    if (hint === undefined || (value === null && !CANNOT_LEAVE.includes(field))) continue;
    throw refuse(`${name} cannot have a field "${field}" of its own`, hint);
  }
  JSON.stringify(body, (field, value) => {
    if (typeof value !== "string" || !(SECRET_FIELD.test(field) || SECRET_VALUE.test(value))) return value;
    throw refuse(
      `${name} has a field "${field}", which looks like a secret; fields are kept with the run`,
      "A key belongs into the variable that --api-key-env names, another secret into --header.",
    );
  });
}

/** @throws RrrError `bad-argument` that does not show a value */
export function checkHeaders(name: string, headers: unknown): void {
  if (typeof headers !== "object" || headers === null || Array.isArray(headers)) {
    throw refuse(`${name} must be an object of texts`, 'Write {"x-team": "blue"}, for example.');
  }
  for (const [field, value] of Object.entries(headers)) {
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(field)) {
      throw refuse(`${name}: ${JSON.stringify(field)} is no name of a header`, "Write NAME: VALUE.");
    }
    if (typeof value !== "string") throw refuse(`${name}: the value of ${field} is no text`, "Write a text.");
  }
}

function refuse(message: string, hint: string): RrrError {
  return new RrrError("bad-argument", message, { hint });
}
