/** Longest line that is read, in bytes; a longer one is reported, and skipped without being held in memory. */
export const MAX_LINE_LENGTH: number = 16 * 1024 * 1024;

/** A line without its end; it has no text where that was too long, or no text at all. */
export interface Line {
  /** Counted from 1. */
  readonly number: number;
  readonly text: string | undefined;
  /** Why there is no text. */
  readonly broken?: "too-long" | "not-utf-8";
}

const LF = 0x0a;
const CR = 0x0d;

/**
 * Splits UTF-8 into lines, at `\n` or `\r\n`: for each chunk, the lines that it completes. Whoever feeds one line
 * and waits gets an answer, and no more than one chunk and one line are held. (`node:readline` holds a line of
 * any length, and would replace what is no UTF-8 in silence.)
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array | string>,
  maxLength: number = MAX_LINE_LENGTH,
): AsyncGenerator<readonly Line[]> {
  // A byte order mark is left to who reads the line.
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let number = 0;
  let parts: Uint8Array[] = [];
  let length = 0;
  const add = (part: Uint8Array): void => {
    length += part.length;
    if (length > maxLength) parts = [];
    else parts.push(part);
  };
  const take = (): Line => {
    const bytes = length > maxLength ? undefined : Buffer.concat(parts);
    parts = [];
    length = 0;
    number++;
    if (bytes === undefined) return { number, text: undefined, broken: "too-long" };
    try {
      return { number, text: decoder.decode(bytes.at(-1) === CR ? bytes.subarray(0, -1) : bytes) };
    } catch {
      return { number, text: undefined, broken: "not-utf-8" };
    }
  };
  for await (const chunk of bytesOf(chunks)) {
    const lines: Line[] = [];
    let start = 0;
    for (let end = chunk.indexOf(LF); end !== -1; end = chunk.indexOf(LF, start)) {
      add(chunk.subarray(start, end));
      lines.push(take());
      start = end + 1;
    }
    if (start < chunk.length) add(chunk.subarray(start));
    if (lines.length > 0) yield lines;
  }
  if (length > 0) yield [take()];
}

/** Text may be cut between the halves of a surrogate pair. */
async function* bytesOf(chunks: AsyncIterable<Uint8Array | string>): AsyncGenerator<Uint8Array> {
  let half = "";
  for await (const chunk of chunks) {
    if (typeof chunk !== "string") {
      yield chunk;
      continue;
    }
    const text = half + chunk;
    half = /[\ud800-\udbff]$/.exec(text)?.[0] ?? "";
    yield Buffer.from(half === "" ? text : text.slice(0, -1));
  }
  if (half !== "") yield Buffer.from(half);
}
