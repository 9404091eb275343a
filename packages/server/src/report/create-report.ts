import { messageOf, RrrError, visible } from "@rrr/core";
import {
  openRunReader,
  type RunReader,
  reportText,
  type StoredEpisode,
  storedResult,
  toEpisodeEntry,
  unfinishedNote,
} from "@rrr/runs";
import type { CountsAnswer } from "../view/api.ts";
import type { Asset } from "../view/assets.ts";
import { revisionAnswer } from "../view/run-answers.ts";
import { inTurn } from "./choose.ts";
import { createKeptEpisodes, type KeptEpisodes, type ReportedRun } from "./kept-episodes.ts";
import { knownNames } from "./known-names.ts";
import { keepFlips, type QuietComparison, quietComparison, type ReportedSide } from "./quiet-comparison.ts";
import { quietResult, quietRun, stepsPerPoint, thinCurves } from "./quiet-run.ts";
import { shortTexts, TEXT_LENGTH } from "./quiet-texts.ts";
import type { ReportData, ReportedEpisodes } from "./report-data.ts";
import { type PageParts, reportPage } from "./report-page.ts";
import { createScrub, type Scrub } from "./scrub.ts";

export interface ReportSettings {
  /** The built page's files: see `readAssets`. */
  readonly assets: ReadonlyMap<string, Asset>;
  /** Most episodes, of all runs together. */
  readonly episodes: number;
  /** Of the whole file. */
  readonly maxBytes: number;
  /** Whether problems, conversations and what verifiers say of them are in it. */
  readonly prompts: boolean;
  /** Of rrr. */
  readonly version: string;
  /** Where chance begins. Default: 0. */
  readonly seed?: number;
  /** Is told how many episodes have been looked at so far, to choose among them: of a large run that takes a while. */
  readonly onRead?: (episodes: number) => void;
}

/** A report, and how much of its runs is in it. */
export interface Report {
  readonly html: string;
  readonly bytes: number;
  /** In the order of the runs. */
  readonly runs: readonly { readonly name: string; readonly episodes: number; readonly of: number }[];
  readonly settingsLeftOut: number;
}

/** Bytes for numbers that grow while episodes come in. */
const SLACK = 2_000;
/** Of all episodes that a report may have, those of problems that flipped at most. */
const FLIPPED = 0.5;

/**
 * Runs as one file that shows them as the page of `rrr view` does, and asks nobody for anything. What says where and whose
 * they are is left out. Of their episodes it has those that there is room for, chosen by chance.
 * @param folders of a run, or of two that are compared
 * @throws RrrError `bad-run`; `bad-argument` for more runs, for two that cannot be compared, and where `maxBytes` leaves no
 * room for the figures
 */
export function createReport(folders: readonly string[], settings: ReportSettings): Report {
  if (folders.length < 1 || folders.length > 2) {
    throw new RrrError("bad-argument", `a report is of one run or of two, not of ${folders.length}`, {
      hint: "Make one of each run, or of each pair.",
    });
  }
  const readers: RunReader[] = [];
  try {
    for (const folder of folders) readers.push(openRunReader(folder));
    const runs = readers.map((reader, i): ReportedRun => ({ id: String(i + 1), reader }));
    return reportOf(runs, settings);
  } finally {
    for (const reader of readers) reader.close();
  }
}

function reportOf(runs: readonly ReportedRun[], settings: ReportSettings): Report {
  const { assets, maxBytes, prompts, version, seed = 0, onRead = () => {} } = settings;
  const scrub = createScrub(knownNames(runs.map(({ reader }) => reader.run)));
  const figures = figuresOf(runs, scrub, seed);
  const { comparisons, names, settingsLeftOut } = figures;
  const answers = new Map(figures.answers);
  const parts: PageParts = {
    assets,
    title: visible(`Report: ${names.join(" and ")}`),
    plain: visible(runs.map(({ reader }) => plainText(reader, scrub)).join("\n\n")),
  };
  const data = (episodes: ReportData["runs"]): ReportData => ({
    home: runs.length === 1 ? "run/1" : "compare?a=1&b=2",
    ...{ made: new Date().toISOString(), version, hasPrompts: prompts, seed },
    ...{ textLength: TEXT_LENGTH, stepsPerPoint: figures.stepsPerPoint, runs: episodes },
    settingsLeftOut,
    answers: Object.fromEntries(answers),
  });
  const room = maxBytes - SLACK - Buffer.byteLength(reportPage(data({}), parts));
  if (room < 0) {
    throw new RrrError("bad-argument", `the figures alone take ${maxBytes - room} bytes of ${maxBytes}`, {
      hint: "Give the report more room: --max-size.",
    });
  }
  const kept = createKeptEpisodes(room, settings.episodes, { scrub, prompts });
  for (const comparison of comparisons) {
    const most = Math.floor((settings.episodes * FLIPPED) / comparisons.length);
    const { flips, answers: ofProblems } = keepFlips(comparison, kept, most);
    const flipsLeft = comparison.flips.length + comparison.answer.flipsLeft - flips.length;
    answers.set(comparison.path, shortTexts({ ...comparison.answer, flips, flipsLeft }, scrub));
    for (const [path, answer] of ofProblems) answers.set(path, answer);
  }
  const totals = keepOthers(runs, kept, seed, onRead);
  const episodes = new Map<string, ReportedEpisodes>();
  for (const { id } of runs) {
    const entries = kept.entries(id);
    episodes.set(id, { entries, total: totals.get(id) ?? 0 });
    answers.set(`/api/runs/${id}/counts`, countsOf(entries));
  }
  for (const [path, answer] of kept.answers) answers.set(path, answer);
  const html = reportPage(data(Object.fromEntries(episodes)), parts);
  return {
    ...{ html, bytes: Buffer.byteLength(html), settingsLeftOut },
    runs: [...episodes.values()].map(({ entries, total }, i) => ({
      name: names[i] ?? "",
      episodes: entries.length,
      of: total,
    })),
  };
}

/** All that is told of runs beside their episodes. */
interface Figures {
  readonly names: readonly string[];
  readonly answers: ReadonlyMap<string, unknown>;
  readonly comparisons: readonly QuietComparison[];
  readonly settingsLeftOut: number;
  readonly stepsPerPoint: number;
}

function figuresOf(runs: readonly ReportedRun[], scrub: Scrub, seed: number): Figures {
  const told = runs.map((run) => ({
    run,
    ...quietRun(run.reader, run.id, scrub),
    curves: run.reader.curves(),
  }));
  const by = Math.max(...told.map(({ curves }) => stepsPerPoint(curves)));
  const comparisons = told
    .flatMap(({ run, answer }) => (run.reader.stages.includes("after") ? [[run, answer] as const] : []))
    .map(([run, { settings }]): readonly [ReportedSide, ReportedSide] => {
      const side = { run, told: settings.map(({ setting }) => setting) };
      return [
        { ...side, stage: "before" },
        { ...side, stage: "after" },
      ];
    });
  const [a, b] = told.map(({ run, answer }) => ({
    run,
    told: answer.settings.map(({ setting }) => setting),
  }));
  const pairs = a !== undefined && b !== undefined ? [[a, b] as const, ...comparisons] : comparisons;
  const compared = pairs.map((sides) => quietComparison(sides, scrub, seed));
  const ofRuns = told.flatMap(({ run: { id, reader }, answer, curves }): (readonly [string, unknown])[] => [
    [`/api/runs/${id}`, answer],
    [`/api/runs/${id}/revision`, revisionAnswer(reader)],
    [`/api/runs/${id}/result`, quietResult(reader, scrub)],
    [`/api/runs/${id}/curves`, thinCurves(curves, by)],
  ]);
  const ofPairs = compared.map(({ path, answer }) => [path, answer] as const);
  return {
    names: told.map(({ answer }) => answer.name),
    answers: new Map([...ofRuns, ...ofPairs].map(([path, answer]) => [path, shortTexts(answer, scrub)])),
    comparisons: compared,
    settingsLeftOut: [...told, ...compared].reduce((sum, { left }) => sum + left, 0),
    stepsPerPoint: by,
  };
}

/** Episodes in turn from each run, stage and path. @returns how many each run has in all */
function keepOthers(
  runs: readonly ReportedRun[],
  kept: KeptEpisodes,
  seed: number,
  onRead: (episodes: number) => void,
): ReadonlyMap<string, number> {
  const all: { readonly run: ReportedRun; readonly episode: number; readonly kind: string }[] = [];
  for (const run of runs) {
    for (const episode of pagesOf(run.reader)) {
      const { id, stage, path } = toEpisodeEntry(episode);
      all.push({ run, episode: id, kind: `${run.id} ${stage} ${path}` });
      onRead(all.length);
    }
  }
  for (const { run, episode: id } of inTurn(all, ({ kind }) => kind, seed)) {
    if (kept.left() === 0) break;
    const episode = run.reader.episode(id);
    if (episode !== undefined && !kept.add([{ run, episode }])) break;
  }
  return new Map(runs.map(({ id }) => [id, all.filter(({ run }) => run.id === id).length]));
}

function* pagesOf(reader: RunReader): Generator<StoredEpisode> {
  let after: number | undefined = 0;
  while (after !== undefined) {
    const { episodes, next } = reader.page({ after, limit: 32 }) as ReturnType<RunReader["page"]>;
    yield* episodes;
    after = next;
  }
}

function countsOf(entries: ReportedEpisodes["entries"]): CountsAnswer {
  const counts = new Map<string, CountsAnswer["counts"][0]>();
  for (const { stage, part, path, code, cut } of entries) {
    const key = JSON.stringify([stage, part, path, code, cut]);
    counts.set(key, { stage, part, path, code, cut, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return { counts: [...counts.values()], isComplete: true };
}

/** A run's table and what it says, for who reads it where no script runs. */
function plainText(reader: RunReader, scrub: Scrub): string {
  const { status } = reader.run;
  try {
    const result = storedResult(reader);
    const isFinished = status === "finished";
    const last = result.after ?? result.before;
    const note = isFinished ? "" : `\nThis run is ${unfinishedNote(status, last)}\n`;
    return `${scrub.text(reportText(result, { isFinished }))}${note}`.slice(0, MOST_PLAIN);
  } catch (cause) {
    return `There is no result: ${scrub.message(messageOf(cause))}`;
  }
}
const MOST_PLAIN = 20_000;
