/** Longest line that is read; a longer one is reported, and skipped without being held in memory. */
export const MAX_LINE_LENGTH: number = 16 * 1024 * 1024;

/** A line without its end; `text` is undefined when it was too long. */
export interface Line {
  /** Counted from 1. */
  readonly number: number;
  readonly text: string | undefined;
}

/**
 * Splits text into lines, at `\n` or `\r\n`: for each chunk, the lines that it completes. Whoever feeds one line
 * and waits gets an answer, and no more than one chunk and one line are held. (`node:readline` holds a line of
 * any length.)
 */
export async function* readLines(
  chunks: AsyncIterable<string>,
  maxLength: number = MAX_LINE_LENGTH,
): AsyncGenerator<readonly Line[]> {
  let number = 0;
  let parts: string[] = [];
  let length = 0;
  const add = (part: string): void => {
    length += part.length;
    if (length > maxLength) parts = [];
    else parts.push(part);
  };
  const take = (): Line => {
    const text = length > maxLength ? undefined : parts.join("").replace(/\r$/, "");
    parts = [];
    length = 0;
    number++;
    return { number, text };
  };
  for await (const chunk of chunks) {
    const lines: Line[] = [];
    let start = 0;
    for (let end = chunk.indexOf("\n"); end !== -1; end = chunk.indexOf("\n", start)) {
      add(chunk.slice(start, end));
      lines.push(take());
      start = end + 1;
    }
    if (start < chunk.length) add(chunk.slice(start));
    if (lines.length > 0) yield lines;
  }
  if (length > 0) yield [take()];
}
