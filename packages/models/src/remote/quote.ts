const MAX_LENGTH = 300;

/** What a server says, on one line, without control characters, of a length that fits a terminal. */
export function quote(text: string): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, " ").trim();
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH)}…` : line;
}
