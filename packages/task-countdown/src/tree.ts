import type { Expression } from "./expression.ts";

/** Pixels between leaves, between levels, and around all. */
const [ACROSS, DOWN, EDGE] = [58, 54, 26];
const COLOURS = { ink: "#1c1d1f", quiet: "#5d5f63", line: "#8b8a84", wrong: "#a3312a" };

interface Node {
  readonly x: number;
  readonly depth: number;
  readonly shapes: readonly string[];
}

/**
 * An expression as a tree, an SVG: at its leaves the numbers, at each sign the value of what is below.
 * @param wrong numbers that are used, and should not be
 */
export function drawTree(
  root: Expression,
  writtenValue: (part: Expression) => string,
  wrong: ReadonlySet<number>,
): string {
  let leaves = 0;
  let deepest = 0;

  function draw(part: Expression, depth: number): Node {
    deepest = Math.max(deepest, depth);
    const y = EDGE + depth * DOWN;
    if (typeof part === "number") {
      const x = EDGE + leaves++ * ACROSS;
      const colour = wrong.has(part) ? COLOURS.wrong : COLOURS.ink;
      return {
        x,
        depth,
        shapes: [text(x, y + 5, part, `font-size="15" font-weight="600" fill="${colour}"`)],
      };
    }
    const [left, right] = [draw(part.left, depth + 1), draw(part.right, depth + 1)];
    const x = (left.x + right.x) / 2;
    const lines = [left, right].map(
      (child) => `<line x1="${x}" y1="${y}" x2="${child.x}" y2="${y + DOWN - 12}" stroke="${COLOURS.line}"/>`,
    );
    const sign = { "+": "+", "-": "−", "*": "×", "/": "÷" }[part.operator];
    const shapes = [
      ...lines,
      ...left.shapes,
      ...right.shapes,
      `<circle cx="${x}" cy="${y}" r="13" fill="#ffffff" stroke="${COLOURS.line}"/>`,
      text(x, y + 5, sign, `font-size="15" fill="${COLOURS.ink}"`),
      text(x + 17, y - 4, writtenValue(part), `font-size="12" fill="${COLOURS.quiet}" text-anchor="start"`),
    ];
    return { x, depth, shapes };
  }

  const { shapes } = draw(root, 0);
  const [width, height] = [2 * EDGE + (leaves - 1) * ACROSS + 50, 2 * EDGE + deepest * DOWN];
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
    `font-family="system-ui, sans-serif" text-anchor="middle">${shapes.join("")}</svg>`
  );
}

/** Digits and signs only: nothing in them needs to be escaped. */
function text(x: number, y: number, content: string | number, attributes: string): string {
  return `<text x="${x}" y="${y}" ${attributes}>${content}</text>`;
}
