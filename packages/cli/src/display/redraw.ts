/** Draws lines in the place of those that it drew before. */
export interface Redraw {
  /** @param text of lines that are not wider than the terminal */
  draw(text: string): void;
  /** Takes them away. */
  clear(): void;
  /** They stay; what is drawn next comes below. */
  done(): void;
}

const ERASE_LINE = "\u001b[2K";
const LINE_UP = "\u001b[1A";
const LINE_START = "\u001b[G";
const HIDE_CURSOR = "\u001b[?25l";
const SHOW_CURSOR = "\u001b[?25h";

/** By hand, for libraries measure each line anew to break it: docs/decisions/2026-11-30-lines-that-fit-are-not-measured.md. */
export function createRedraw(stream: NodeJS.WriteStream): Redraw {
  let drawn = "";
  let lines = 0;
  let isHidden = false;
  const erased = (): string =>
    lines === 0 ? "" : `${ERASE_LINE}${(LINE_UP + ERASE_LINE).repeat(lines)}${LINE_START}`;
  const showCursor = (): void => {
    if (isHidden) stream.write(SHOW_CURSOR);
    isHidden = false;
    process.off("exit", showCursor);
  };
  const forget = (): void => {
    [drawn, lines] = ["", 0];
  };
  return {
    draw(text) {
      // What has left the window at its top cannot be drawn over.
      const last = text.split("\n").slice(1 - stream.rows);
      const next = last.join("\n");
      if (next === drawn) return;
      if (!isHidden) process.on("exit", showCursor);
      stream.write(`${isHidden ? "" : HIDE_CURSOR}${erased()}${next}\n`);
      [drawn, lines, isHidden] = [next, last.length, true];
    },
    clear() {
      stream.write(erased());
      forget();
    },
    done() {
      showCursor();
      forget();
    },
  };
}
