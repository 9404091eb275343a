/** Headers of requests: a run keeps those that hold no secret, and the names of the others. */
import { RrrError } from "@rrr/core";
import { SECRET_VALUE } from "./secret-value.ts";

/** Headers by their names in lower case; null for a value that is not kept. */
export type KeptHeaders = Readonly<Record<string, string | null>>;

/** Values, by names in lower case. */
export type Headers = Readonly<Record<string, string>>;

const SECRET_NAME =
  /auth|key|token|secret|cookie|pass|pwd|credential|session|signature|jwt|bearer|cert|login|account|^x-amz-/;

/**
 * What a person would read aloud: words, and numbers as versions and dates have them. Keys and passwords mix letters and
 * digits, or are long.
 */
const PLAIN_WORD = /^([a-z]{1,16}|\d{1,4}|[a-z]{1,2}\d{1,3})$/i;
const MAX_PLAIN = 200;

/** Whether a header speaks of a secret by its name: whatever its value, it changes no answer. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name.toLowerCase());
}

/** Whether a header may hold a secret: in doubt, it does. */
export function isSecretHeader(name: string, value: string): boolean {
  if (isSecretName(name) || SECRET_VALUE.test(value)) return true;
  if (value.length > MAX_PLAIN || /^[a-z]+:\/\/[^/]*@/i.test(value)) return true;
  return !value
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .every((word) => PLAIN_WORD.test(word));
}

/** What of headers a run keeps. */
export function keptHeaders(headers: KeptHeaders): KeptHeaders {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      value === null || isSecretHeader(name, value) ? null : value,
    ]),
  );
}

/**
 * What a run sends: the headers that it keeps, and the given values of those that it does not.
 * @throws RrrError `bad-argument` for one whose value is missing, and for a given one that the run did not begin with
 */
export function sentHeaders(kept: KeptHeaders = {}, given: Headers = {}): Headers {
  const values = new Map(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]));
  for (const [name, value] of values) {
    const was = kept[name];
    if (was === null || was === value) continue;
    throw new RrrError(
      "bad-argument",
      was === undefined
        ? `header ${name}: the run was begun without it`
        : `header ${name}: the run was begun with another value`,
      { hint: "A run asks in the same way to its end; start a new one to ask otherwise." },
    );
  }
  return Object.fromEntries(
    Object.entries(kept).map(([name, value]) => {
      const sent = value ?? values.get(name);
      if (sent !== undefined) return [name, sent];
      throw new RrrError("bad-argument", `header ${name}: its value may be a secret and was not kept`, {
        hint: `Give it again: --header '${name}: …'.`,
      });
    }),
  );
}
