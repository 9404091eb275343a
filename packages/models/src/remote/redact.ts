/** What takes secrets out of a text. */
export type Redact = (text: string) => string;

const REDACTED = "[redacted]";

/** Shorter ones are words that may stand anywhere, such as `ollama` in place of a key. */
const LEAST_LETTERS = 8;

/** Whitespace, also as JSON escapes it, and what nobody sees. */
const BREAK = String.raw`(?:\\[nrt]|[\s\0-\x1f\x7f-\x9f\xad\u200b-\u200f\u2060\ufeff])*`;

/** A letter and its padding, each perhaps escaped. */
const LAST_OF_BASE64 = `(?:${BREAK}(?:[\\w+/-]|${inAnyEscape("+", "")}|${inAnyEscape("/", "")})(?:${BREAK}${inAnyEscape("=", "")}){0,2})?`;

/**
 * For what a server says: some quote the key that they refuse. Finds a secret as it is, and the long ones also in
 * base64 and hexadecimal, in other cases, with any of its characters escaped for JSON, a URL or HTML, and broken.
 */
export function createRedactor(secrets: readonly string[]): Redact {
  // Longest first, lest a secret within another leave the rest of it. With and without "Bearer".
  const parts = secrets.flatMap((secret) => [secret, ...secret.split(" ").slice(1)]).filter(Boolean);
  const known = [...new Set(parts)].sort((a, b) => b.length - a.length);
  if (known.length === 0) return (text) => text;
  const pattern = new RegExp(known.flatMap(patternsOf).join("|"), "gi");
  return (text) => text.replace(pattern, REDACTED);
}

/**
 * For answers of a model, which are checked and kept: as `createRedactor`, for secrets that no answer has by chance.
 */
export function createAnswerRedactor(secrets: readonly string[]): Redact {
  return createRedactor(secrets.filter(({ length }) => length >= LEAST_LETTERS));
}

function patternsOf(secret: string): string[] {
  if (secret.length < LEAST_LETTERS) return [inAnyEscape(secret, "")];
  const hex = Buffer.from(secret).toString("hex");
  return [inAnyEscape(secret, BREAK), ...base64Patterns(secret), inAnyEscape(hex, BREAK)];
}

function inAnyEscape(text: string, between: string): string {
  return [...text].map(escapesOf).join(between);
}

/** Secrets are ASCII: headers have nothing else. */
function escapesOf(letter: string): string {
  const code = letter.charCodeAt(0);
  const hex = code.toString(16).padStart(2, "0");
  return String.raw`(?:\\?\x${hex}|\\u00${hex}|%${hex}|&#(?:0*${code}|x0*${hex});)`;
}

/** In base64 a text looks different at each of three places; its first and last letters depend on what is beside it. */
function base64Patterns(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString("base64")
      .replace(/=+$/, "");
    const whole = Math.floor(((before + bytes.length) * 8) / 6);
    const inner = text.slice(Math.ceil((before * 8) / 6), whole);
    // Where a letter holds the last bits with those of what comes after, or with padding, it goes too.
    const end = whole === text.length ? "" : LAST_OF_BASE64;
    return [inner, inner.replaceAll("+", "-").replaceAll("/", "_")].map(
      (form) => inAnyEscape(form, BREAK) + end,
    );
  });
}
