import type { Progress } from "./progress.ts";
import { sparkLine } from "./spark-line.ts";

const BAR_WIDTH = 24;
/** A bar that is shorter says nothing. */
const LEAST_BAR = 6;
const NAME_WIDTH = 16;
/** Below this width the figures need the space that stands before them. */
const WIDE = 100;

/**
 * The lines of the live display. None is longer than the terminal: a line that wraps may not be redrawn in place.
 * The bar gets shorter, then goes; of the facts, the most important ones stay.
 */
export function liveText(
  { stage, done, total, unit, facts, passRates = [] }: Progress,
  eta: string,
  columns: number,
): string {
  const counted = `${done}/${total} ${unit}`;
  const time = done < total && eta ? `  ${eta}` : "";
  const name = stage.padEnd(NAME_WIDTH);
  const room = Math.min(BAR_WIDTH, columns - `${name}  ${counted}${time}`.length);
  const head =
    room >= LEAST_BAR
      ? `${name} ${bar(done / Math.max(1, total), room)} ${counted}${time}`
      : firstFitting([`${name} ${counted}${time}`, `${stage} ${counted}`, counted], columns);
  const left = columns < WIDE ? 2 : NAME_WIDTH + 1;
  const indent = " ".repeat(left);
  const figures = facts.map(([label, value]) => `${label} ${value}`);
  const lines = figures.map((_, i) => `${indent}${figures.slice(0, figures.length - i).join("  ·  ")}`);
  const line = lines.find(({ length }) => length <= columns);
  const trend = sparkLine(passRates, columns, left);
  return [head, line, trend].filter((each) => each !== undefined && each !== "").join("\n");
}

function bar(share: number, width: number): string {
  const filled = Math.round(width * share);
  return "━".repeat(filled) + "─".repeat(width - filled);
}

function firstFitting(lines: readonly string[], columns: number): string {
  return lines.find(({ length }) => length <= columns) ?? (lines.at(-1) ?? "").slice(0, columns);
}
