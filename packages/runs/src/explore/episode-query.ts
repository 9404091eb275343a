import { RrrError } from "@rrr/core";
import type { Cell } from "../store/table.ts";
import type { EpisodePath } from "./index-tables.ts";

/** `recorded`: as they came. The others: the highest first, or with a minus the lowest; what has no value is left out. */
export const EPISODE_ORDERS = [
  "recorded",
  "-recorded",
  "advantage",
  "-advantage",
  "tokens",
  "-tokens",
] as const;

export type EpisodeOrder = (typeof EPISODE_ORDERS)[number];

/** Which episodes, in which order; what is left out does not limit. */
export interface EpisodeQuery {
  readonly stage?: string;
  readonly part?: string;
  readonly step?: number;
  readonly path?: EpisodePath;
  readonly code?: string;
  /** Those with an answer that was cut off at the token limit, or those without. */
  readonly cut?: boolean;
  readonly problem?: number;
  /** Words that all appear in it, the last of them as a beginning. */
  readonly text?: string;
  /** Default `recorded`. */
  readonly order?: EpisodeOrder;
  /** Where an earlier page ended: its `next`. */
  readonly after?: string;
  /** Default 100. */
  readonly limit?: number;
}

/** A part of a SQL statement, and what stands in its places. */
interface Sql {
  readonly text: string;
  readonly values: readonly Cell[];
}

/** The conditions of a query, without the cursor. */
export function whereOf({ text, cut, ...query }: EpisodeQuery): Sql {
  const equal = (["stage", "part", "step", "path", "code", "problem"] as const).flatMap((name) => {
    const value = query[name];
    return value === undefined ? [] : [{ text: `${name} = ?`, values: [value] }];
  });
  const all: readonly Sql[] = [
    ...equal,
    ...(cut === undefined ? [] : [{ text: "cut = ?", values: [Number(cut)] }]),
    ...searched(text),
    ...column(query.order).needs,
  ];
  if (all.length === 0) return { text: "1", values: [] };
  return { text: all.map((each) => each.text).join(" AND "), values: all.flatMap((each) => each.values) };
}

/** What comes after the cursor. @throws RrrError `bad-argument` for one that is none */
export function afterOf({ order, after }: EpisodeQuery): Sql {
  if (after === undefined) return { text: "1", values: [] };
  const { name, sign } = column(order);
  const [value, id, ...rest] = after.split("_").map(Number);
  if (value === undefined || id === undefined || rest.length > 0 || !Number.isFinite(value + id)) {
    throw new RrrError("bad-argument", `${JSON.stringify(after)} is no place in a list of episodes`, {
      hint: "Take what an earlier page gave as `next`.",
    });
  }
  return { text: `(${name}, id) ${sign} (?, ?)`, values: [value, id] };
}

export function orderOf({ order }: EpisodeQuery): string {
  const { name, sign } = column(order);
  const direction = sign === ">" ? "ASC" : "DESC";
  return name === "id" ? `id ${direction}` : `${name} ${direction}, id ${direction}`;
}

/** The cursor behind a row. */
export function placeOf(
  { order }: EpisodeQuery,
  row: { readonly id: number; readonly advantage: number | null; readonly tokens: number | null },
): string {
  return `${row[column(order).name]}_${row.id}`;
}

interface Column {
  readonly name: "id" | "advantage" | "tokens";
  readonly sign: ">" | "<";
  readonly needs: readonly Sql[];
}

function column(order: EpisodeOrder = "recorded"): Column {
  const isMinus = order.startsWith("-");
  const key = order.replace("-", "") as "recorded" | "advantage" | "tokens";
  if (key === "recorded") return { name: "id", sign: isMinus ? "<" : ">", needs: [] };
  return { name: key, sign: isMinus ? ">" : "<", needs: [{ text: `${key} IS NOT NULL`, values: [] }] };
}

/** Each word as a phrase in quotes: nothing in it is an operator. */
function searched(text = ""): readonly Sql[] {
  const words = text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  if (words.length === 0) return [];
  const phrases = words.map((word) => `"${word.replaceAll('"', '""').replaceAll("\0", "")}"`).join(" ");
  return [{ text: "id IN (SELECT rowid FROM words WHERE words MATCH ?)", values: [`${phrases}*`] }];
}
