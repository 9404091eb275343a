import type { RunReader, StoredEpisode } from "../read/run-reader.ts";
import { EPISODE, OUTCOME, TURN } from "../store/schema.ts";
import type { ColumnKind, Table } from "../store/table.ts";
import { asText } from "./write-table.ts";

/** What a cell can be in every format. */
export type Cell = string | number | null;
type Kind = Exclude<ColumnKind, "blob">;

/** Kind of each column: what Parquet has to know before the first row. */
export interface ExportTable {
  readonly columns: Readonly<Record<string, Kind>>;
  rows(reader: RunReader): Generator<readonly Cell[], void, undefined>;
}

/** Columns of the store's own tables, as they are there. */
function columnsOf<Row extends object, Name extends keyof Row & string>(
  { kinds }: Table<Row>,
  ...names: readonly Name[]
): Readonly<Record<Name, Kind>> {
  return Object.fromEntries(names.map((name) => [name, kinds[name]])) as Record<Name, Kind>;
}

const RUN = { run: "text" } as const;
const PLACE = columnsOf(EPISODE, "stage", "part", "step", "problem", "sample");
const SCORES = columnsOf(
  EPISODE,
  "reward",
  "advantage",
  "error_code",
  "error",
  "error_turn",
  "seconds",
  "recorded_at",
);
const TURNS = columnsOf(
  TURN,
  ...([
    "position",
    "role",
    "text",
    "reasoning",
    "finish",
    "prompt_tokens",
    "tokens",
    "cached",
    "estimated",
  ] as const),
  ...(["verdict", "code", "detail"] as const),
);

type Of<Columns> = { readonly [Name in keyof Columns]: Cell };

function cellsOf<Columns extends object>(columns: Columns, row: Of<Columns>): readonly Cell[] {
  return Object.keys(columns).map((name) => row[name as keyof Columns]);
}

/** A row an episode: its first round, flat. */
const episodes: ExportTable = {
  columns: {
    ...{ ...RUN, id: "integer", ...PLACE },
    ...{ kind: "text", item: "text", failure: "integer", attempt: "text", attempt_verdict: "text" },
    ...{ attempt_code: "text", reflection: "text", retry: "text", retry_verdict: "text", retry_code: "text" },
    ...{ tokens: "integer", ...SCORES },
  },
  *rows(reader) {
    for (const episode of reader.episodes()) {
      const { id, kind, item, failure, turns } = episode;
      const [attempt, reflection, retry] = (["attempt", "reflection", "retry"] as const).map((role) =>
        turns.find((turn) => turn.role === role),
      );
      const counts = turns.map(({ tokens }) => tokens).filter((tokens) => tokens !== null);
      yield [
        ...[reader.run.id, id, ...placeOf(episode)],
        ...[kind, item, failure, attempt?.text ?? null, attempt?.verdict ?? null, attempt?.code ?? null],
        ...[reflection?.text ?? null, retry?.text ?? null, retry?.verdict ?? null, retry?.code ?? null],
        ...[counts.length === 0 ? null : counts.reduce((sum, tokens) => sum + tokens, 0)],
        ...cellsOf(SCORES, episode),
      ];
    }
  },
};

/** A row a text of the model: every round, every control, with the messages that the model was shown. */
const turns: ExportTable = {
  columns: { ...RUN, episode: "integer", ...PLACE, item: "text", messages: "text", ...TURNS },
  *rows(reader) {
    for (const episode of reader.episodes()) {
      for (const turn of episode.turns) {
        const messages = turn.prompt === null ? null : asText(() => JSON.stringify(reader.messages(turn)));
        yield [
          reader.run.id,
          episode.id,
          ...placeOf(episode),
          episode.item,
          messages,
          ...cellsOf(TURNS, turn),
        ];
      }
    }
  },
};

function placeOf(episode: StoredEpisode): readonly Cell[] {
  return cellsOf(PLACE, episode);
}

const OUTCOMES = columnsOf(OUTCOME, "stage", "problem", "sample", "measure", "outcome");

/** A row a measure of a sample. */
const outcomes: ExportTable = {
  columns: { ...RUN, ...OUTCOMES },
  *rows(reader) {
    for (const outcome of reader.outcomes()) yield [reader.run.id, ...cellsOf(OUTCOMES, outcome)];
  },
};

export const TABLES: Readonly<Record<"episodes" | "turns" | "outcomes", ExportTable>> = {
  episodes,
  turns,
  outcomes,
};
