/** The file of a report has in it what a server would answer: see `createReport` of `@rrr/server/report`. */
import type { EpisodeEntry, EpisodeOrder } from "@rrr/runs";
import type { ReportData } from "@rrr/server/report";
import type { EpisodeAnswer, EpisodesAnswer } from "@rrr/server/view";
import { placeOf } from "./episode-list.ts";

const data = document.getElementById("rrr-report");

/** Undefined where a server answers. */
export const report: ReportData | undefined =
  data === null ? undefined : (JSON.parse(data.textContent ?? "") as ReportData);

/** Whether there is an answer to a path: a server has all of them. */
export function isHere(path: string): boolean {
  return report === undefined || Object.hasOwn(report.answers, path);
}

/** @returns undefined for what the report has not */
export function answerIn(of: ReportData, path: string): unknown {
  const [, run = "", query = ""] = /^\/api\/runs\/(\w+)\/episodes(?:\?(.*))?$/.exec(path) ?? [];
  if (Object.hasOwn(of.runs, run)) return find(of, run, new URLSearchParams(query));
  return Object.hasOwn(of.answers, path) ? of.answers[path] : undefined;
}

/** As the index of a server finds them; all words of a search appear, wherever in the texts. */
function find(of: ReportData, run: string, query: URLSearchParams): EpisodesAnswer {
  const all = of.runs[run]?.entries ?? [];
  const words = (query.get("text") ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  const order = (query.get("order") || "recorded") as EpisodeOrder;
  const found = all
    .filter((entry) => matches(entry, query))
    .filter(({ id }) => words.length === 0 || has(of.answers[`/api/runs/${run}/episodes/${id}`], words))
    .filter((entry) => rankOf(entry, order) !== null)
    .toSorted((a, b) => compare(a, b, order));
  const after = query.get("after");
  const at = after === null ? 0 : found.findIndex((entry) => placeOf(order, entry) === after) + 1;
  const limit = Number(query.get("limit") ?? 100);
  const entries = found.slice(at, at + limit);
  const last = at + limit < found.length ? entries.at(-1) : undefined;
  const next = last && placeOf(order, last);
  return { entries, total: found.length, next, indexed: all.length, isComplete: true };
}

const COLUMNS = ["stage", "part", "step", "path", "code", "problem"] as const;

function matches(entry: EpisodeEntry, query: URLSearchParams): boolean {
  const cut = query.get("cut");
  return (
    COLUMNS.every((name) => !query.get(name) || String(entry[name]) === query.get(name)) &&
    (!cut || (entry.cut === 1) === (cut === "yes"))
  );
}

function rankOf({ id, advantage, tokens }: EpisodeEntry, order: EpisodeOrder): number | null {
  const column = order.replace("-", "");
  return column === "advantage" ? advantage : column === "tokens" ? tokens : id;
}

/** As they were recorded; by a figure, the highest first; a minus turns it round. */
function compare(a: EpisodeEntry, b: EpisodeEntry, order: EpisodeOrder): number {
  const isUp = (order.replace("-", "") === "recorded") !== order.startsWith("-");
  return ((rankOf(a, order) ?? 0) - (rankOf(b, order) ?? 0) || a.id - b.id) * (isUp ? 1 : -1);
}

const texts = new Map<unknown, string>();

function has(answer: unknown, words: readonly string[]): boolean {
  const known = texts.get(answer) ?? textOf(answer as EpisodeAnswer);
  texts.set(answer, known);
  return words.every((word) => known.includes(word));
}

function textOf({ item, error, turns }: EpisodeAnswer): string {
  const said = turns.flatMap(({ text, reasoning, code, detail }) => [
    text.text,
    reasoning?.text,
    code,
    detail?.text,
  ]);
  return [item.text, error, ...said].filter(Boolean).join("\n").toLowerCase();
}
