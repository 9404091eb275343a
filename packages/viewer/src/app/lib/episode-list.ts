import type { EpisodeEntry, EpisodeOrder } from "@rrr/runs";

/** What the list of episodes is limited to, as the address has it. */
export const FILTERS = ["stage", "part", "path", "step", "code", "cut", "problem", "text", "order"] as const;

export type Filters = Readonly<Partial<Record<(typeof FILTERS)[number], string>>>;

export function filtersOf(query: Readonly<Record<string, string>>): Filters {
  return Object.fromEntries(FILTERS.flatMap((name) => (query[name] ? [[name, query[name]]] : [])));
}

/** The same list the other way round. */
export function reversed(order: EpisodeOrder = "recorded"): EpisodeOrder {
  return (order.startsWith("-") ? order.slice(1) : `-${order}`) as EpisodeOrder;
}

/** The place of an episode in a list, as the server's cursors say it. */
export function placeOf(
  order: string | undefined,
  { id, advantage, tokens }: Pick<EpisodeEntry, "id" | "advantage" | "tokens">,
): string {
  const column = (order ?? "recorded").replace("-", "");
  return `${column === "advantage" ? advantage : column === "tokens" ? tokens : id}_${id}`;
}
