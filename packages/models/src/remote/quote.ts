const MAX_LENGTH = 300;

/** More than the start of a page is never shown, nor looked through. */
const MAX_PAGE = 10_000;

/** What a server says, on one line, without control characters, of a length that fits a terminal. */
export function quote(text: string): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, " ").trim();
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH)}…` : line;
}

/** A page of HTML, without its tags. */
export function quotePage(page: string, redact: Redact = (text) => text): string {
  const withoutTags = redact(page)
    .slice(0, MAX_PAGE)
    .replace(/<(script|style)\b.*?<\/\1>|<[^>]*>/gis, " ");
  return quote(redact(withoutTags));
}

/** What takes secrets out of a text. */
export type Redact = (text: string) => string;

/** For what a server says: some quote the key that they refuse. */
export function createRedactor(secrets: readonly string[]): Redact {
  // Longest first, lest a secret within another leave the rest of it. With and without "Bearer".
  const forms = secrets.flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    ...secret.split(" ").slice(1),
  ]);
  const known = [...new Set(forms)].sort((a, b) => b.length - a.length);
  return (text) => known.reduce((rest, secret) => rest.replaceAll(secret, "[redacted]"), text);
}
