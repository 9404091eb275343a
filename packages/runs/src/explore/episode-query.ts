import { RrrError } from "@rrr/core";
import type { Cell } from "../store/table.ts";
import type { EpisodePath } from "./index-tables.ts";
import { plainWords } from "./plain-words.ts";

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

/** The statements of a query. */
export interface QuerySql {
  /** A page of entries with their previews. */
  readonly page: Sql;
  /** How many there are, up to one more than `MOST_COUNTED`; undefined: all that are in the index. */
  readonly count: Sql | undefined;
}

/** Counting on takes time that grows with the run, and tells a reader little. */
export const MOST_COUNTED = 10_000;

/**
 * How each query is run is said here, not left to the planner: it knows nothing of how many rows a condition leaves, and
 * a page is to come after the rows of a page were looked at, however large the run.
 * @throws RrrError `bad-argument` for a cursor that is none
 */
export function toSql(query: EpisodeQuery, limit: number): QuerySql {
  const { name, direction } = column(query.order);
  const words = searched(query.text);
  const own = conditions(query);
  const where = and([...own, ...after(query)]);
  const isByWords = words !== undefined && name === "id";
  // The words' own index has the rows in the order of their numbers, and gives one after another.
  const found = "words CROSS JOIN entry ON entry.id = words.rowid";
  const matching: Sql = { text: "words MATCH ?", values: [words ?? ""] };
  const among: Sql = {
    text: `entry.id IN (SELECT rowid FROM words WHERE ${matching.text})`,
    values: matching.values,
  };
  const page = words === undefined ? where : and([isByWords ? matching : among, where]);
  const order = name === "id" ? "" : `entry.${name} ${direction}, `;
  const from = isByWords ? found : `entry ${indexOf(query)}`;
  return {
    page: {
      text: `SELECT entry.*, preview.text AS preview FROM ${from} JOIN preview ON preview.id = entry.id WHERE ${page.text}
        ORDER BY ${order}${isByWords ? "words.rowid" : "entry.id"} ${direction} LIMIT ${limit}`,
      values: page.values,
    },
    count:
      words !== undefined
        ? atMost(found, and([matching, ...own]))
        : own.length > 0
          ? atMost("entry", and(own))
          : undefined,
  };
}

function atMost(from: string, where: Sql): Sql {
  const inner = `SELECT 1 FROM ${from} WHERE ${where.text} LIMIT ${MOST_COUNTED + 1}`;
  return { text: `SELECT count(*) AS n FROM (${inner})`, values: where.values };
}

/** A step or an order leads to its rows; anything else is looked for in the order in which they came. */
function indexOf({ step, order }: EpisodeQuery): string {
  const { name } = column(order);
  if (step !== undefined) return "INDEXED BY entry_step";
  return name === "id" ? "NOT INDEXED" : `INDEXED BY entry_${name}`;
}

function conditions({ cut, order, ...query }: EpisodeQuery): readonly Sql[] {
  const equal = (["stage", "part", "step", "path", "code", "problem"] as const).flatMap((name) => {
    const value = query[name];
    return value === undefined ? [] : [{ text: `entry.${name} = ?`, values: [value] }];
  });
  const { name } = column(order);
  return [
    ...equal,
    ...(cut === undefined ? [] : [{ text: "entry.cut = ?", values: [Number(cut)] }]),
    ...(name === "id" ? [] : [{ text: `entry.${name} IS NOT NULL`, values: [] }]),
  ];
}

/** What comes after the cursor. */
function after({ order, after: place, text }: EpisodeQuery): readonly Sql[] {
  if (place === undefined) return [];
  const { name, sign } = column(order);
  const [value, id, ...rest] = place.split("_").map(Number);
  if (value === undefined || id === undefined || rest.length > 0 || !Number.isFinite(value + id)) {
    throw new RrrError("bad-argument", `${JSON.stringify(place)} is no place in a list of episodes`, {
      hint: "Take what an earlier page gave as `next`.",
    });
  }
  if (name !== "id") return [{ text: `(entry.${name}, entry.id) ${sign} (?, ?)`, values: [value, id] }];
  const own = searched(text) === undefined ? "entry.id" : "words.rowid";
  return [{ text: `${own} ${sign} ?`, values: [id] }];
}

function and(all: readonly Sql[]): Sql {
  if (all.length === 0) return { text: "1", values: [] };
  return { text: all.map(({ text }) => text).join(" AND "), values: all.flatMap(({ values }) => values) };
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
  readonly direction: "ASC" | "DESC";
}

function column(order: EpisodeOrder = "recorded"): Column {
  const isMinus = order.startsWith("-");
  const key = order.replace("-", "") as "recorded" | "advantage" | "tokens";
  const isRising = (key === "recorded") !== isMinus;
  return {
    name: key === "recorded" ? "id" : key,
    ...(isRising ? { sign: ">", direction: "ASC" } : { sign: "<", direction: "DESC" }),
  };
}

/** All words of a text, the last as a beginning; in quotes none is an operator. @returns undefined without a word */
function searched(text = ""): string | undefined {
  const words = plainWords(text);
  return words === "" ? undefined : `"${words.replaceAll(" ", '" "')}"*`;
}
