import { invalid, parseItem, type Task, type Verdict, verifyWithin } from "@rrr/core";
import type { IsolationSettings } from "@rrr/plugins";
import { isolatePlugin, loadTask } from "@rrr/plugins";
import { count, findRun, openRunReader, type StoredEpisode } from "@rrr/runs";
import { runTaskOptions } from "./run-task-options.ts";

export interface ReverifyFlags extends IsolationSettings {
  readonly plugin?: string;
  readonly json?: true;
}

/** A verdict that is not what it was. */
interface Flip {
  readonly kind: "flip";
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

/** `rrr reverify`. @throws RrrError as loading the plugin does */
export async function reverify(name: string, flags: ReverifyFlags): Promise<void> {
  const { folder, invocation, plugin: file } = findRun(name, process.cwd());
  const options = runTaskOptions(invocation);
  const loaded = await loadTask(flags.plugin ?? file, options, process.cwd());
  const task = await isolatePlugin(loaded, options, flags);
  const reader = openRunReader(folder);
  const tally = { verdicts: 0, toPass: 0, toFail: 0, toInvalid: 0 };
  try {
    for (const batch of batches(reader.episodes())) {
      const checked = await Promise.all(batch.map((episode) => checkEpisode(task, episode)));
      for (const { verdicts, flips } of checked) {
        tally.verdicts += verdicts;
        for (const flip of flips) {
          tally[flip.is === "pass" ? "toPass" : flip.is.startsWith("fail") ? "toFail" : "toInvalid"]++;
          process.stdout.write(flags.json ? `${JSON.stringify(flip)}\n` : `${flipLine(flip)}\n`);
        }
      }
    }
  } finally {
    reader.close();
    await task.close();
  }
  const { verdicts, toPass, toFail, toInvalid } = tally;
  const changed = toPass + toFail + toInvalid;
  const text = `${count(verdicts)} verdicts checked, ${count(changed)} changed: ${toPass} to pass, ${toFail} to fail, ${toInvalid} to invalid.\n`;
  process.stdout.write(flags.json ? `${JSON.stringify({ kind: "counts", ...tally, changed })}\n` : text);
}

async function checkEpisode(
  task: Task,
  { stage, problem, member, item, turns }: StoredEpisode,
): Promise<{ readonly verdicts: number; readonly flips: readonly Flip[] }> {
  const judged = turns.filter(({ verdict }) => verdict !== null);
  if (judged.length === 0) return { verdicts: 0, flips: [] };
  // An item that the schema refuses by now cannot be checked.
  const parsed = await parseItem(task, JSON.parse(item)).then(
    (value) => ({ value }),
    (error) => ({ verdict: invalid(error) }),
  );
  const flips = await Promise.all(
    judged.map(async ({ role, text, verdict, code }): Promise<Flip[]> => {
      const now = "verdict" in parsed ? parsed.verdict : await verifyWithin(task, parsed.value, text);
      if (now.kind === verdict) return [];
      const was = verdict === "pass" ? "pass" : `fail, ${code}`;
      return [{ kind: "flip", stage, problem, sample: member, role, was, is: wordsOf(now), text }];
    }),
  );
  return { verdicts: judged.length, flips: flips.flat() };
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

function flipLine({ stage, problem, sample, role, was, is, text }: Flip): string {
  const words = text.replace(/\s+/g, " ");
  const short = words.length <= 60 ? words : `…${words.slice(-59)}`;
  return `${stage} ${problem}${sample === 0 ? "" : `.${sample}`} ${role}: ${was} → ${is}: ${short}`;
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
