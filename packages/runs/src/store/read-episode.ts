import {
  type Attempt,
  type Completion,
  type Episode,
  type FailedAttempt,
  fail,
  type Message,
  parseItem,
  pass,
  type Reflection,
  RrrError,
  type Task,
  type Verdict,
} from "@rrr/core";
import type { Begun, Unit } from "@rrr/trainer";
import type { EvaluationStage } from "../flow/stages.ts";
import { jsonOf, type RunDatabase } from "./database.ts";
import type { EpisodeRow, ItemRow, MessageRow, TurnRow } from "./schema.ts";

/** A mined failure in the store: its episode, and its problem as the task gives it. */
export interface StoredFailure {
  readonly id: number;
  readonly item: unknown;
}

/** An evaluated episode by stage, part, problem and sample: in the words of the index by place, or every lookup reads them all. */
export const AT_PLACE =
  "stage = ? AND coalesce(part, '') = ? AND coalesce(step, 0) = 0 AND problem = ? AND sample = ?";

/** A reflection `t` that was only thought, as `isOnlyThought` of core has it. */
export const ONLY_THOUGHT = "(t.reasoning IS NOT NULL AND trim(t.text, char(9, 10, 13, 32)) = '')";

/** Reads episodes back as they were, but for their token ids. */
export interface EpisodeReader {
  /** @param item of the unit: what the schema made of it need not survive JSON */
  episode<Item>(stage: EvaluationStage, unit: Unit, item: Item): Episode<Item>;
  /** What an error left of an episode that is to go on. @param id of the episode */
  begun<Item>(id: number, item: Item): Begun<Item>;
  /** The failed attempts that were collected for training. @throws RrrError `bad-item` as the task's schema does */
  failures(task: Task): Promise<readonly (StoredFailure & { readonly failure: FailedAttempt })[]>;
  /** A conversation by the number of its last message. */
  conversation(last: number | null): readonly Message[];
}

export function createEpisodeReader(db: RunDatabase): EpisodeReader {
  const place = db.prepare(`SELECT * FROM episode WHERE ${AT_PLACE}`);
  const turnsOf = db.prepare(
    "SELECT * FROM turn WHERE episode = ? AND role IN ('attempt', 'reflection', 'retry') ORDER BY position",
  );
  const message = db.prepare("SELECT * FROM message WHERE id = ?");

  function conversation(last: number | null): readonly Message[] {
    const messages: Message[] = [];
    for (let id = last; id !== null; ) {
      const row = message.get(id) as MessageRow | undefined;
      if (row === undefined) throw damagedAt(db, `message ${id} is missing`);
      const { role, content, tools, parent } = row;
      messages.unshift({ role, content, ...(tools === null ? {} : { tools: jsonOf(db, tools) }) } as Message);
      // A message comes after those before it: a circle in a damaged file ends.
      if (parent !== null && parent >= id) throw damagedAt(db, `message ${id} comes before its parent`);
      id = parent;
    }
    return messages;
  }

  function toAttempt(row: TurnRow): Attempt {
    return { prompt: conversation(row.prompt), completion: toCompletion(row), verdict: toVerdict(row) };
  }

  /** The attempt, the rounds, and a reflection that has no retry. */
  function toTurns(id: number): {
    readonly attempt: Attempt | undefined;
    readonly rounds: readonly Reflection[];
    readonly open: Omit<Reflection, "retry"> | undefined;
  } {
    const [first, ...rest] = turnsOf.all(id) as TurnRow[];
    const rounds: Reflection[] = [];
    let open: Omit<Reflection, "retry"> | undefined;
    for (const row of rest) {
      if (open === undefined) open = { prompt: conversation(row.prompt), completion: toCompletion(row) };
      else {
        rounds.push({ ...open, retry: toAttempt(row) });
        open = undefined;
      }
    }
    return { attempt: first && toAttempt(first), rounds, open };
  }

  return {
    conversation,
    episode(stage, { problem, sample }, item) {
      const row = place.get(stage, "episodes", problem, sample) as EpisodeRow | undefined;
      if (row === undefined)
        throw damagedAt(db, `problem ${problem}, sample ${sample} of ${stage} is missing`);
      const { attempt, rounds, open } = toTurns(row.id);
      if (row.kind === "errored") {
        const error = new RrrError(row.error_code ?? "model-failed", row.error ?? "");
        return {
          ...{ kind: "errored", item, error, turn: row.error_turn ?? "attempt" },
          ...(attempt === undefined ? {} : { attempt }),
          ...(rounds.length === 0 ? {} : { earlier: rounds }),
          ...(open === undefined ? {} : { reflection: open }),
        };
      }
      if (attempt === undefined) throw damagedAt(db, `episode ${row.id} lacks its attempt`);
      if (row.kind === "solved") return { kind: "solved", item, attempt };
      const [reflection, ...later] = rounds;
      if (reflection === undefined) throw damagedAt(db, `episode ${row.id} lacks its reflection`);
      return { kind: "reflected", item, attempt, reflection, ...(later.length === 0 ? {} : { later }) };
    },
    begun(id, item) {
      const { attempt, rounds } = toTurns(id);
      if (attempt === undefined) throw damagedAt(db, `episode ${id} lacks its attempt`);
      return { failed: { kind: "failed", item, attempt }, earlier: rounds };
    },
    async failures(task) {
      const rows = db
        .prepare(
          `SELECT e.id AS id, i.json AS json FROM episode e JOIN item i ON i.id = e.item
           WHERE e.stage = 'mine' ORDER BY e.problem`,
        )
        .all() as readonly { readonly id: number; readonly json: ItemRow["json"] }[];
      return Promise.all(
        rows.map(async ({ id, json }) => {
          const [turn] = turnsOf.all(id) as TurnRow[];
          if (turn === undefined) throw damagedAt(db, `failure ${id} lacks its attempt`);
          const item = jsonOf<unknown>(db, json);
          const parsed = await parseItem(task, item);
          return { id, item, failure: { kind: "failed", item: parsed, attempt: toAttempt(turn) } } as const;
        }),
      );
    },
  };
}

function damagedAt({ path }: RunDatabase, what: string): RrrError {
  return new RrrError("bad-run", `${path} is damaged: ${what}`, { hint: "Start a new run." });
}

function toCompletion({
  text,
  finish,
  reasoning,
  prompt_tokens,
  tokens,
  cached,
  estimated,
}: TurnRow): Completion {
  const usage = {
    ...{ prompt: prompt_tokens ?? 0, completion: tokens ?? 0 },
    ...(estimated === 0 ? {} : { estimated: true as const }),
    ...(estimated === 2 ? { contradicts: "see the run that sampled it" } : {}),
  };
  return {
    text,
    finish: finish === "length" ? "length" : "stop",
    ...(reasoning === null ? {} : { reasoning }),
    ...(tokens === null ? {} : { usage }),
    ...(cached ? { cached: true } : {}),
  };
}

function toVerdict({ verdict, code, detail }: TurnRow): Verdict {
  return verdict === "pass" ? pass() : fail(code ?? "unknown", detail ?? undefined);
}
