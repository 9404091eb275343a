import { FONT_SIZE, FOREGROUND } from "./look.ts";
import type { Draw, Svg } from "./svg.ts";

/** About how wide a text is: nobody can be asked where there is no page. */
export function widthOf(text: string, size: number = FONT_SIZE): number {
  let width = 0;
  for (const character of text)
    width += (character.codePointAt(0) ?? 0) > 0x10ff ? 1 : NARROW.has(character) ? 0.3 : 0.58;
  return width * size;
}

const NARROW: ReadonlySet<string> = new Set(" .,:;·'|!ijlI[]()");

/** Broken at words; a word that is too long for a line is broken within. */
export function wrap(text: string, width: number, size: number = FONT_SIZE): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    for (const piece of pieces(word, width, size)) {
      const longer = line === "" ? piece : `${line} ${piece}`;
      if (widthOf(longer, size) <= width) line = longer;
      else {
        if (line !== "") lines.push(line);
        line = piece;
      }
    }
  }
  return line === "" ? lines : [...lines, line];
}

function pieces(word: string, width: number, size: number): readonly string[] {
  if (widthOf(word, size) <= width) return [word];
  const found: string[] = [];
  let piece = "";
  for (const character of word) {
    if (piece !== "" && widthOf(piece + character, size) > width) {
      found.push(piece);
      piece = "";
    }
    piece += character;
  }
  return [...found, piece];
}

export interface Lines {
  readonly element: Svg;
  readonly height: number;
}

/** Lines of text from the top of `y` on. */
export function textBlock(
  draw: Draw,
  lines: readonly string[],
  { x, y, size = FONT_SIZE, weight }: { x: number; y: number; size?: number; weight?: number },
): Lines {
  const step = size * 1.35;
  const texts = lines.map((line, i) =>
    draw(
      "text",
      { x, y: y + size + i * step, "font-size": size, "font-weight": weight, fill: FOREGROUND },
      line,
    ),
  );
  return { element: draw("g", {}, ...texts), height: lines.length * step };
}
