import type {
  AnswerCounts,
  ErrorCount,
  EvaluationPart,
  Measure,
  OfMeasures,
  Outcomes,
  OutcomeTable,
  Tally,
  TurnCounts,
  Unit,
  UnitResult,
} from "@rrr/trainer";
import type { EvaluationStage } from "../flow/stages.ts";
import { damaged, type RunDatabase } from "./database.ts";
import { isWhole, UNREAD, unreadKind } from "./outcomes-due.ts";
import { ONLY_THOUGHT } from "./read-episode.ts";
import type { EpisodeRow } from "./schema.ts";

const MOST_SAMPLES = 1_000_000;

/**
 * Outcomes of a stage by problem and sample; a sample that errored has none, one not there yet has no place.
 * @param rounds of reflection that an episode has
 * @param waiting outcomes that are not in the database yet
 * @throws RrrError `bad-run` also where an episode that did not error lacks outcomes
 */
export function outcomeTable(
  db: RunDatabase,
  stage: EvaluationStage,
  problems: number,
  rounds: number,
  waiting: readonly UnitResult[] = [],
): OutcomeTable {
  const same = createSame();
  const lacking = ({ problem, sample }: Unit): Error =>
    damaged(db.path, new Error(`${stage} lacks outcomes of problem ${problem}, sample ${sample}`));
  const table: Outcomes[][] = Array.from({ length: problems }, () => []);
  const put = ({ problem, sample }: Unit, found: Outcomes): void => {
    const samples = table[problem];
    const known = samples?.[sample];
    if (samples === undefined || known === undefined) {
      throw damaged(db.path, new Error(`${stage} has an outcome of problem ${problem} that no episode has`));
    }
    const kind = unreadKind(known);
    if (kind !== undefined && !isWhole(kind, found, rounds)) throw lacking({ problem, sample });
    samples[sample] = kind === undefined ? same({ ...known, ...found }) : found;
  };
  const units = db
    .prepare("SELECT problem, sample, kind FROM episode WHERE stage = ? AND part = 'episodes'")
    .iterate(stage);
  for (const { problem, sample, kind } of units as Iterable<Placed>) {
    const samples = table[problem];
    // No evaluation has so many samples; a damaged file may.
    if (samples === undefined || !(sample >= 0 && sample < MOST_SAMPLES)) {
      throw damaged(db.path, new Error(`${stage} has no problem ${problem}, sample ${sample}`));
    }
    samples[sample] = UNREAD[kind];
  }
  // Before the outcomes: another process may be adding both.
  const greedy = db
    .prepare("SELECT problem, sample, kind FROM episode WHERE stage = ? AND part = 'greedy'")
    .all(stage) as readonly Placed[];
  // A row a sample, not one a measure: what a row costs to bring over is most of this.
  const rows = db
    .prepare(
      `SELECT problem, sample, group_concat(measure || ' ' || outcome) AS found FROM outcome WHERE stage = ?
       GROUP BY problem, sample`,
    )
    .iterate(stage) as Iterable<Unit & { readonly found: string }>;
  const known = new Map<string, Outcomes>();
  for (const { problem, sample, found } of rows) {
    let outcomes = known.get(found);
    if (outcomes === undefined) {
      outcomes = outcomesOf(found, (outcome) =>
        damaged(db.path, new Error(`${stage} has an outcome ${JSON.stringify(outcome)}`)),
      );
      known.set(found, outcomes);
    }
    put({ problem, sample }, outcomes);
  }
  for (const { problem, sample, kind } of greedy) {
    const { greedyFirst: first, greedyAfter: after } = table[problem]?.[sample] ?? {};
    const found = { ...(first === undefined ? {} : { first }), ...(after === undefined ? {} : { after }) };
    if (!isWhole(kind, found, 1)) throw lacking({ problem, sample });
  }
  table.forEach((samples, problem) => {
    samples.forEach((outcomes, sample) => {
      const kind = unreadKind(outcomes);
      if (kind !== undefined && kind !== "errored") throw lacking({ problem, sample });
    });
  });
  for (const result of waiting) put(result, result.outcomes);
  return table.map((samples): readonly Outcomes[] => samples.filter((outcomes) => outcomes !== undefined));
}

type Placed = Unit & Pick<EpisodeRow, "kind">;

/** Of `"after pass,first fail"`. */
function outcomesOf(text: string, error: (outcome: string | undefined) => Error): Outcomes {
  const found: OfMeasures<boolean> = {};
  for (const each of text.split(",")) {
    const [measure, outcome] = each.split(" ");
    if (outcome !== "pass" && outcome !== "fail") throw error(outcome);
    found[measure as Measure] = outcome === "pass";
  }
  return found;
}

/** The same object for the same outcomes: there are few kinds of them, however many problems. */
function createSame(): (outcomes: Outcomes) => Outcomes {
  const known = new Map<string, Outcomes>();
  return (outcomes) => {
    const key = JSON.stringify(outcomes);
    const first = known.get(key) ?? outcomes;
    known.set(key, first);
    return first;
  };
}

/** How the answers of a stage's episodes came, turn by turn; controls left out. */
export function answersOf(db: RunDatabase, stage: EvaluationStage): AnswerCounts {
  const rows = db
    .prepare(
      `SELECT t.role AS role, count(*) AS answers, sum(t.finish = 'length') AS cut,
         sum(t.finish = 'length' AND coalesce(t.verdict, '') = 'fail') AS cutFailures, sum(t.cached) AS cached,
         sum(t.estimated = 1) AS estimated, sum(t.estimated = 2) AS contradicted, avg(t.tokens) AS tokens,
         sum(t.role = 'reflection' AND ${ONLY_THOUGHT}) AS onlyThought
       FROM episode e JOIN turn t ON t.episode = e.id
       WHERE e.stage = ? AND e.part = 'episodes' AND t.role IN ('attempt', 'reflection', 'retry') GROUP BY t.role`,
    )
    .all(stage) as readonly (Omit<TurnCounts, "tokens" | "onlyThought"> & {
    readonly role: string;
    readonly tokens: number | null;
    readonly onlyThought: number;
  })[];
  const known = rows.map(({ role, tokens, onlyThought, ...counts }) => [
    role,
    {
      ...counts,
      ...(tokens === null ? {} : { tokens }),
      ...(onlyThought === 0 ? {} : { onlyThought }),
    },
  ]);
  return Object.fromEntries(known);
}

/** Why something of a stage has no outcome, the most frequent reasons first. */
export function errorsOf(db: RunDatabase, stage: EvaluationStage): readonly ErrorCount[] {
  return db
    .prepare(
      `SELECT part AS "where", coalesce(error_code, '') AS code, coalesce(error, '') AS message, count(*) AS count
       FROM episode WHERE stage = ? AND kind = 'errored' GROUP BY 1, 2, 3
       UNION ALL
       SELECT t.role, coalesce(t.code, ''), coalesce(t.detail, ''), count(*) FROM episode e JOIN turn t ON t.episode = e.id
       WHERE e.stage = ? AND t.finish = 'error' GROUP BY 1, 2, 3
       ORDER BY 4 DESC, 1, 3`,
    )
    .all(stage, stage) as ErrorCount[];
}

/** How much of a stage is there. */
export function tallyOf(db: RunDatabase, stage: EvaluationStage): Tally {
  const count = (sql: string): number => (db.prepare(sql).get(stage) as { readonly n: number }).n;
  const episodes = (and: string): number =>
    count(`SELECT count(*) AS n FROM episode WHERE stage = ? AND kind <> 'failed' AND ${and}`);
  const passed = (measure: "first" | "after"): number =>
    count(
      `SELECT count(*) AS n FROM outcome WHERE stage = ? AND measure = '${measure}' AND outcome = 'pass'`,
    );
  return {
    episodes: episodes("part = 'episodes'"),
    controls: episodes("part = 'episodes' AND controls = 'done'"),
    greedy: episodes("part = 'greedy'"),
    first: passed("first"),
    after: passed("after"),
    errored: episodes("part = 'episodes' AND kind = 'errored'"),
  };
}

/** More than anybody waits for; a damaged file may say so. */
const MOST_PROBLEMS = 50_000_000;

function isPlace(part: string, problem: number, sample: number): boolean {
  const isIn = (value: number, most: number): boolean => value >= 0 && value < most;
  return ["episodes", "greedy"].includes(part) && isIn(problem, MOST_PROBLEMS) && isIn(sample, MOST_SAMPLES);
}

/** The units that a stage has: part by part, a bit for each. */
export function knownUnits(
  db: RunDatabase,
  stage: EvaluationStage,
): (part: EvaluationPart, problem: number, sample: number) => boolean {
  const bits = { episodes: [], controls: [], greedy: [] } as Record<EvaluationPart, Uint8Array[]>;
  const mark = (part: EvaluationPart, sample: number, problem: number): void => {
    let of = bits[part][sample];
    if (of === undefined || problem >= of.length) {
      const grown = new Uint8Array(Math.max(1_024, 2 * problem));
      if (of !== undefined) grown.set(of);
      bits[part][sample] = of = grown;
    }
    of[problem] = 1;
  };
  const rows = db
    .prepare("SELECT part, problem, sample, controls FROM episode WHERE stage = ? AND kind <> 'failed'")
    .iterate(stage) as Iterable<{
    readonly part: "episodes" | "greedy";
    readonly problem: number;
    readonly sample: number;
    readonly controls: string | null;
  }>;
  for (const { part, problem, sample, controls } of rows) {
    if (!isPlace(part, problem, sample)) {
      throw damaged(db.path, new Error(`${stage} has no problem ${problem}, sample ${sample}`));
    }
    mark(part, sample, problem);
    if (controls !== null) mark("controls", sample, problem);
  }
  return (part, problem, sample) => bits[part][sample]?.[problem] === 1;
}
