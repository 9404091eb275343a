import { relative } from "node:path";
import { visibleLine } from "@rrr/core";
import { type Layout, type LeftAlone, type Prunable, wrapText } from "@rrr/runs";
import { size } from "../cache/cache-text.ts";
import { localTime } from "../output/local-time.ts";

/** A line for each checkpoint and run. @param cwd paths are shown as from here */
export function itemLines(items: readonly Prunable[], cwd: string, layout: Layout): string {
  const lines = items.map((item) => {
    const path = relative(cwd, item.path);
    const text =
      item.kind === "run" ? `${path}, the whole run: ${item.status}, ended ${localTime(item.endedAt)}` : path;
    return `${wrapText(visibleLine(text), layout, `${size(item.bytes).padStart(8)}  `)}\n`;
  });
  return lines.join("");
}

/** `2 checkpoints and 1 run, 24.3 MB` */
export function sumText(items: readonly Prunable[], bytes: number): string {
  const kinds = (["checkpoint", "run"] as const).flatMap((kind) => {
    const count = items.filter((item) => item.kind === kind).length;
    return count === 0 ? [] : [`${count} ${kind}${count === 1 ? "" : "s"}`];
  });
  return kinds.length === 0 ? "nothing" : `${kinds.join(" and ")}, ${size(bytes)}`;
}

/** What is not touched, and why. */
export function leftText(left: readonly LeftAlone[], layout: Layout): string {
  return left
    .map(({ name, reason }) => `${wrapText(visibleLine(`runs/${name} ${reason}`), layout, "left alone: ")}\n`)
    .join("");
}
