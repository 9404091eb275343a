import { invalid, parseItem, type Task, type Verdict, verifyWithin } from "@rrr/core";
import type { RunReader, StoredEpisode } from "./run-reader.ts";

/** A verdict that is not what it was. */
export interface ChangedVerdict {
  readonly stage: string;
  readonly problem: number;
  readonly sample: number;
  readonly role: string;
  readonly was: string;
  readonly is: string;
  readonly text: string;
}

/** Episodes under way at once: a verifier elsewhere is asked in batches. */
const BATCH = 256;

/**
 * Checks every stored answer of a run once more with a task as it is now.
 * @returns batch by batch, how many verdicts were checked and those that changed
 */
export async function* reverify(
  reader: RunReader,
  task: Task,
): AsyncGenerator<
  { readonly verdicts: number; readonly changed: readonly ChangedVerdict[] },
  void,
  undefined
> {
  for (const batch of batches(reader.episodes())) {
    const checked = await Promise.all(batch.map((episode) => checkEpisode(task, episode)));
    yield {
      verdicts: checked.reduce((sum, { verdicts }) => sum + verdicts, 0),
      changed: checked.flatMap(({ changed }) => changed),
    };
  }
}

async function checkEpisode(
  task: Task,
  { stage, problem, sample, item, turns }: StoredEpisode,
): Promise<{ readonly verdicts: number; readonly changed: readonly ChangedVerdict[] }> {
  const judged = turns.filter(({ verdict }) => verdict !== null);
  if (judged.length === 0) return { verdicts: 0, changed: [] };
  // An item that the schema refuses by now cannot be checked.
  const parsed = await parseItem(task, JSON.parse(item)).then(
    (value) => ({ value }),
    (error) => ({ verdict: invalid(error) }),
  );
  const changed = await Promise.all(
    judged.map(async ({ role, text, verdict, code }): Promise<ChangedVerdict[]> => {
      const now = "verdict" in parsed ? parsed.verdict : await verifyWithin(task, parsed.value, text);
      if (now.kind === verdict) return [];
      const was = verdict === "pass" ? "pass" : `fail, ${code}`;
      return [{ stage, problem, sample, role, was, is: wordsOf(now), text }];
    }),
  );
  return { verdicts: judged.length, changed: changed.flat() };
}

function wordsOf(verdict: Verdict): string {
  switch (verdict.kind) {
    case "pass":
      return "pass";
    case "fail":
      return `fail, ${verdict.code}`;
    case "invalid":
      return `invalid, ${verdict.error.code}`;
  }
}

function* batches(episodes: Iterable<StoredEpisode>): Generator<readonly StoredEpisode[], void, undefined> {
  let batch: StoredEpisode[] = [];
  for (const episode of episodes) {
    batch.push(episode);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
