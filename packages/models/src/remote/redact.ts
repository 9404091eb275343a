/** What takes secrets out of a text. */
export type Redact = (text: string) => string;

const REDACTED = "[redacted]";

/** Shorter ones are words that may stand anywhere, such as `ollama` in place of a key. */
const LEAST_LETTERS = 8;

/** Whitespace, also as JSON escapes it, and what nobody sees. */
const BREAK = String.raw`(?:\\[nrt]|[\s\0-\x1f\x7f-\x9f\xad\u200b-\u200f\u2060\ufeff])*`;

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
  const forms = [...base64Forms(secret), Buffer.from(secret).toString("hex")];
  return [inAnyEscape(secret, BREAK), ...forms.map((form) => inAnyEscape(form, BREAK))];
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
function base64Forms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString("base64")
      .replace(/=+$/, "");
    const whole = Math.floor(((before + bytes.length) * 8) / 6);
    const inner = text.slice(Math.ceil((before * 8) / 6), whole);
    return [inner, inner.replaceAll("+", "-").replaceAll("/", "_")];
  });
}
