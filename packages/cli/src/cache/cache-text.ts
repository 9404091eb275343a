import { visibleLine } from "@rrr/core";
import type { CacheContents } from "@rrr/models";
import { count, type IndexFolder } from "@rrr/runs";
import { columns } from "../output/columns.ts";

/** Where the cache is, and what it holds of each model. */
export function cacheText({ path, bytes, models }: CacheContents, nowMs: number): string {
  if (models.length === 0) return `The response cache is empty: ${visibleLine(path)}\n`;
  const rows = models.map(({ model, source, ...held }) => [
    model,
    source,
    count(held.completions),
    size(held.bytes),
    ago(nowMs - held.oldestMs),
    ago(nowMs - held.newestMs),
  ]);
  const head = ["model", "server or weights", "completions", "size", "oldest", "newest"];
  return `The response cache takes ${size(bytes)}: ${visibleLine(path)}\n\n${columns([head, ...rows])}`;
}

/** Where the page's indexes are; nothing where there are none. */
export function indexesText({ path, runs, bytes }: IndexFolder): string {
  if (bytes === 0) return "";
  return `\nThe page's search indexes take ${size(bytes)}, of ${indexesOf(runs)}: ${visibleLine(path)}\n`;
}

export function indexesOf(runs: number): string {
  return runs === 1 ? "1 run" : `${count(runs)} runs`;
}

/** `1.2 MB` */
export function size(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1_000).toFixed(1)} kB`;
  if (bytes < 1_000_000_000) return `${(bytes / 1_000_000).toFixed(1)} MB`;
  return `${(bytes / 1_000_000_000).toFixed(1)} GB`;
}

function ago(ms: number): string {
  return ms < 60_000 ? "now" : `${timeText(ms)} ago`;
}

/** `3 h`, in the largest unit of which there are two. */
export function timeText(ms: number): string {
  const units = { days: 86_400_000, h: 3_600_000, min: 60_000 };
  const [name, unit] = Object.entries(units).find(([, each]) => ms >= 2 * each) ?? ["s", 1_000];
  return `${Math.floor(ms / unit)} ${name}`;
}
