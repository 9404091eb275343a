import {
  type Attempt,
  attemptPrompt,
  type Completion,
  type Episode,
  type FailedAttempt,
  fail,
  pass,
  type Reflection,
  RrrError,
  type RrrErrorCode,
  reflectionPrompt,
  retryPrompt,
  type Task,
  toFailure,
  type Verdict,
} from "@rrr/core";
import type { Unit } from "@rrr/trainer";
import type Database from "libsql";

/** A row of the table `episode`. */
export interface EpisodeRow {
  readonly id: number;
  readonly stage: string;
  readonly problem: number;
  readonly member: number;
  readonly kind: Episode["kind"] | "failed";
  readonly item: string;
  readonly error_code: RrrErrorCode | null;
  readonly error: string | null;
}

/** A row of the table `turn`. */
export interface TurnRow {
  readonly position: number;
  readonly role: "attempt" | "reflection" | "retry" | "blind" | "donor" | "independent";
  readonly text: string;
  readonly reasoning: string | null;
  readonly finish: Completion["finish"];
  readonly prompt_tokens: number | null;
  readonly tokens: number | null;
  readonly verdict: "pass" | "fail" | null;
  readonly code: string | null;
  readonly detail: string | null;
}

/**
 * An episode of an evaluation as it was, but for its token ids: what the model was shown is made from item and texts
 * again. @throws RrrError `bad-task` where the task cannot make it.
 */
export function readEpisode(
  db: Database.Database,
  task: Task,
  stage: string,
  { problem, sample }: Unit,
): Episode {
  const row = db
    .prepare("SELECT * FROM episode WHERE stage = ? AND coalesce(step, 0) = 0 AND problem = ? AND member = ?")
    .get(stage, problem, sample) as EpisodeRow;
  const item: unknown = JSON.parse(row.item);
  if (row.kind === "errored") {
    return { kind: "errored", item, error: new RrrError(row.error_code ?? "model-failed", row.error ?? "") };
  }
  const turns = db
    .prepare(
      "SELECT * FROM turn WHERE episode = ? AND role IN ('attempt', 'reflection', 'retry') ORDER BY position",
    )
    .all(row.id) as TurnRow[];
  const [first, ...rest] = turns as [TurnRow, ...TurnRow[]];
  const attempt = toAttempt(first, attemptPrompt(task, item));
  if (row.kind === "solved") return { kind: "solved", item, attempt };
  const [reflection, ...later] = readReflections(task, { kind: "failed", item, attempt }, rest);
  if (reflection === undefined) throw new RrrError("bad-run", `episode ${row.id} lacks its reflection`);
  return { kind: "reflected", item, attempt, reflection, ...(later.length === 0 ? {} : { later }) };
}

/** A failed attempt that was collected for training. */
export function readFailures(db: Database.Database, task: Task): readonly FailedAttempt[] {
  const rows = db
    .prepare(
      `SELECT e.item AS item, t.* FROM episode e JOIN turn t ON t.episode = e.id
       WHERE e.stage = 'mine' ORDER BY e.problem`,
    )
    .all() as (TurnRow & { readonly item: string })[];
  return rows.map((row) => {
    const item: unknown = JSON.parse(row.item);
    return { kind: "failed", item, attempt: toAttempt(row, attemptPrompt(task, item)) };
  });
}

/** Turns in pairs: each reflection and the retry after it. */
function readReflections(
  task: Task,
  failed: FailedAttempt,
  turns: readonly TurnRow[],
): readonly Reflection[] {
  const [reflection, retried, ...rest] = turns;
  if (reflection === undefined || retried === undefined) return [];
  const failure = toFailure(failed);
  const retry = toAttempt(retried, retryPrompt(task, failure, reflection.text));
  const round = { prompt: reflectionPrompt(task, failure), completion: toCompletion(reflection), retry };
  return [round, ...readReflections(task, { ...failed, attempt: retry }, rest)];
}

function toAttempt(row: TurnRow, prompt: Attempt["prompt"]): Attempt {
  return { prompt, completion: toCompletion(row), verdict: toVerdict(row) };
}

function toCompletion({ text, finish, reasoning, prompt_tokens, tokens }: TurnRow): Completion {
  return {
    text,
    finish,
    ...(reasoning === null ? {} : { reasoning }),
    ...(tokens === null ? {} : { usage: { prompt: prompt_tokens ?? 0, completion: tokens } }),
  };
}

function toVerdict({ verdict, code, detail }: TurnRow): Verdict {
  return verdict === "pass" ? pass() : fail(code ?? "unknown", detail ?? undefined);
}
