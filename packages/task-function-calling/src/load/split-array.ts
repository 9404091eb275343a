import { RrrError } from "@rrr/core";
import { checkLength, leadingBlanks, newlinesIn, type Piece, type Splitter } from "./splitter.ts";

/**
 * For one big JSON array: its elements as they are written, so that no number loses digits. Knows no more of JSON than
 * brackets and strings; what is no element, such as the nothing behind a trailing comma, is left to its reader.
 */
export function createArraySplitter(path: string): Splitter {
  const isBoundary = createBoundaryFinder();
  let boundaries = 0;
  let closed = false;
  /** What has been read since the last boundary, and the line of that. */
  let text = "";
  let line = 1;

  /** The piece that ends here; none if all is blank and may be: before the array, and in an empty one. */
  function* cut(closing: boolean): Iterable<Piece> {
    const blanks = leadingBlanks(text);
    const piece = { text: text.slice(blanks.length), line: line + newlinesIn(blanks) };
    line += newlinesIn(text);
    text = "";
    boundaries++;
    if (boundaries === 1 || (boundaries === 2 && closing && piece.text === "")) return;
    yield piece;
  }

  return {
    *add(chunk) {
      let start = 0;
      for (let i = 0; i < chunk.length && !closed; i++) {
        const boundary = isBoundary(chunk.charCodeAt(i));
        if (boundary === undefined) continue;
        closed = boundary === "closing";
        text += chunk.slice(start, i);
        start = i + 1;
        yield* cut(closed);
      }
      text = checkLength(text + chunk.slice(start), path, line);
    },
    end() {
      const last = line + newlinesIn(text);
      if (!closed) throw new RrrError("bad-item", `${path}, line ${last}: the file ends inside its array`);
      if (text.trim() !== "") throw new RrrError("bad-item", `${path}, line ${last}: text after the array`);
      return [];
    },
  };
}

const [QUOTE, COMMA, BACKSLASH] = [34, 44, 92];
/** `[` and `{`, `]` and `}`. */
const OPENING: ReadonlySet<number> = new Set([91, 123]);
const CLOSING: ReadonlySet<number> = new Set([93, 125]);

/** Tells of one character after the other whether it opens the array, separates two elements or closes it. */
function createBoundaryFinder(): (code: number) => "opening" | "comma" | "closing" | undefined {
  let depth = 0;
  let inString = false;
  let escaped = false;
  return (code) => {
    if (inString) {
      if (escaped) escaped = false;
      else if (code === BACKSLASH) escaped = true;
      else if (code === QUOTE) inString = false;
    } else if (code === QUOTE) inString = true;
    else if (OPENING.has(code)) return depth++ === 0 ? "opening" : undefined;
    else if (CLOSING.has(code)) return --depth === 0 ? "closing" : undefined;
    else if (code === COMMA && depth === 1) return "comma";
    return undefined;
  };
}
