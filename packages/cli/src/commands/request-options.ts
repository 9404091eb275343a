/** Values of options that say how a server is asked. Their errors show no value: it may be a secret. */
import { RrrError } from "@rrr/core";

/** `name: value`, added to those before it. @throws RrrError `bad-argument` */
export function collectHeader(
  text: string,
  before: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const [, name, value] = /^\s*([^\s:]+)\s*:\s*(\S(?:.*\S)?)\s*$/s.exec(text) ?? [];
  if (name !== undefined && value !== undefined) return { ...before, [name.toLowerCase()]: value };
  throw new RrrError("bad-argument", "--header must be a name and a value", {
    hint: "Write --header 'x-team: blue', for example.",
  });
}

/** A JSON object. @throws RrrError `bad-argument` */
export function jsonObject(text: string): Readonly<Record<string, unknown>> {
  const value = parsed(text);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>;
  }
  throw new RrrError("bad-argument", "--body must be a JSON object", {
    hint: "Quote it for the shell: --body '{\"top_p\": 0.9}'.",
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
