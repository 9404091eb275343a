import type { Redact } from "./redact.ts";

const MAX_LENGTH = 300;

/** More than the start of a page is never shown, nor looked through. */
const MAX_PAGE = 10_000;

/** What a server says, on one line, without control characters, of a length that fits a terminal. */
export function quote(text: string, redact: Redact = (said) => said): string {
  const line = redact(text.slice(0, 2 * MAX_PAGE))
    .slice(0, MAX_PAGE)
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim();
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH)}…` : line;
}

/** A page of HTML, without its tags. */
export function quotePage(page: string, redact: Redact = (text) => text): string {
  // Twice as much is redacted as is looked at, lest half a key be left at the end.
  const withoutTags = redact(page.slice(0, 2 * MAX_PAGE))
    .slice(0, MAX_PAGE)
    .replace(/<(script|style)\b.*?<\/\1>|<[^>]*>/gis, " ");
  return quote(redact(withoutTags));
}
