import type { RunReader, StoredEpisode } from "../read/run-reader.ts";

/** What a cell can be in every format. */
export type Cell = string | number | null;

/** Kind of each column: what Parquet has to know before the first row. */
export interface ExportTable {
  readonly columns: Readonly<Record<string, "text" | "integer" | "real">>;
  rows(reader: RunReader): Generator<readonly Cell[], void, undefined>;
}

const PLACE = { run: "text", stage: "text", step: "integer", problem: "integer", sample: "integer" } as const;

function placeOf({ run }: RunReader, { stage, step, problem, member }: StoredEpisode): readonly Cell[] {
  return [run.id, stage, step, problem, member];
}

/** A row an episode: its first round, flat. */
const episodes: ExportTable = {
  columns: {
    ...PLACE,
    ...{ kind: "text", item: "text", attempt: "text", attempt_verdict: "text", attempt_code: "text" },
    ...{ reflection: "text", retry: "text", retry_verdict: "text", retry_code: "text" },
    ...{ tokens: "integer", reward: "real", advantage: "real", error_code: "text", error: "text" },
  },
  *rows(reader) {
    for (const episode of reader.episodes()) {
      const { kind, item, turns, reward, advantage, error_code, error } = episode;
      const [attempt, reflection, retry] = (["attempt", "reflection", "retry"] as const).map((role) =>
        turns.find((turn) => turn.role === role),
      );
      const counts = turns.map(({ tokens }) => tokens).filter((tokens) => tokens !== null);
      yield [
        ...placeOf(reader, episode),
        ...[kind, item, attempt?.text ?? null, attempt?.verdict ?? null, attempt?.code ?? null],
        ...[reflection?.text ?? null, retry?.text ?? null, retry?.verdict ?? null, retry?.code ?? null],
        ...[counts.length === 0 ? null : counts.reduce((sum, tokens) => sum + tokens, 0)],
        ...[reward, advantage, error_code, error],
      ];
    }
  },
};

/** A row a text of the model: every round, every control. */
const turns: ExportTable = {
  columns: {
    ...PLACE,
    ...{ item: "text", position: "integer", role: "text", text: "text", reasoning: "text", finish: "text" },
    ...{ prompt_tokens: "integer", tokens: "integer", verdict: "text", code: "text", detail: "text" },
  },
  *rows(reader) {
    for (const episode of reader.episodes()) {
      for (const turn of episode.turns) {
        const { position, role, text, reasoning, finish, prompt_tokens, tokens, verdict, code, detail } =
          turn;
        yield [
          ...placeOf(reader, episode),
          ...[episode.item, position, role, text, reasoning, finish],
          ...[prompt_tokens, tokens, verdict, code, detail],
        ];
      }
    }
  },
};

/** A row a measure of a sample. */
const outcomes: ExportTable = {
  columns: { ...PLACE, measure: "text", outcome: "text" },
  *rows(reader) {
    for (const { stage, problem, member, measure, outcome } of reader.outcomes()) {
      yield [reader.run.id, stage, null, problem, member, measure, outcome];
    }
  },
};

export const TABLES: Readonly<Record<"episodes" | "turns" | "outcomes", ExportTable>> = {
  episodes,
  turns,
  outcomes,
};
