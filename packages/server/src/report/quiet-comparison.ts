import { basename } from "node:path";
import type { StoredEpisode } from "@rrr/runs";
import type { CompareAnswer, EpisodeAnswer, ProblemAnswer, ShownFlip } from "../view/api.ts";
import { compareAnswer } from "../view/compare-answer.ts";
import { inTurn } from "./choose.ts";
import { type KeptEpisodes, type Placed, type ReportedRun, sizeOf } from "./kept-episodes.ts";
import { quietModel } from "./quiet-run.ts";
import { quietLine } from "./quiet-texts.ts";
import type { Scrub } from "./scrub.ts";
import { toldDifferences } from "./told-settings.ts";

/** One of two evaluations. */
export interface ReportedSide {
  readonly run: ReportedRun;
  readonly stage?: "before" | "after";
  /** Names of settings that the run tells. */
  readonly told: readonly string[];
}

/** Two evaluations as a report tells them. */
export interface QuietComparison {
  /** As the page asks for it. */
  readonly path: string;
  /** Without flips. */
  readonly answer: CompareAnswer;
  /** In the order in which they are taken, as far as there is room for their episodes. */
  readonly flips: readonly ShownFlip[];
  readonly runs: readonly [ReportedRun, ReportedRun];
  /** Settings that it does not tell. */
  readonly left: number;
}

/** Characters of a problem in the list of those that flipped. */
const ITEM = 300;
/** Samples of a problem that flipped. */
const MOST_SAMPLES = 4;

/** @throws RrrError as `compareRuns` does */
export function quietComparison(
  sides: readonly [ReportedSide, ReportedSide],
  scrub: Scrub,
  seed: number,
): QuietComparison {
  const asked = sides.map(({ run: { id, reader }, stage }) => ({ id, folder: reader.run.folder, stage }));
  const answer = compareAnswer(...(asked as [(typeof asked)[0], (typeof asked)[0]]));
  const known = new Set(sides.flatMap(({ told }) => told));
  const { told, left } = toldDifferences(answer.settings, known, scrub);
  const [a, b] = sides.map(({ run: { id }, stage }) => (stage === undefined ? id : `${id}:${stage}`));
  const quiet = (i: 0 | 1): CompareAnswer["sides"][0] => {
    const side = answer.sides[i];
    const { folder } = sides[i].run.reader.run;
    const name = scrub.text(basename(folder));
    return { ...side, name, task: scrub.text(side.task), model: quietModel(side.model, scrub) };
  };
  return {
    path: `/api/compare?${new URLSearchParams({ a: String(a), b: String(b) })}`,
    answer: { ...answer, sides: [quiet(0), quiet(1)], settings: told, flips: [] },
    flips: inTurn(answer.flips, ({ measure, shares }) => `${measure} ${shares[1] > shares[0]}`, seed),
    runs: [sides[0].run, sides[1].run],
    left,
  };
}

/**
 * Puts flips with their episodes into the report.
 * @param most episodes for them
 * @returns the flips that are in it, and what the page asks for to show them
 */
export function keepFlips(
  { flips, runs, answer }: QuietComparison,
  kept: KeptEpisodes,
  most: number,
): { readonly flips: readonly ShownFlip[]; readonly answers: ReadonlyMap<string, ProblemAnswer> } {
  const taken: ShownFlip[] = [];
  const answers = new Map<string, ProblemAnswer>();
  const until = kept.left() - most;
  for (const flip of flips) {
    const sides = ([0, 1] as const).map((i) => {
      const [{ stage }, problem] = [answer.sides[i], flip.problems[i]];
      const place = {
        part: "episodes",
        step: null,
        stage: stage as StoredEpisode["stage"],
        problem,
      } as const;
      const episodes = runs[i].reader.together(place).slice(0, MOST_SAMPLES);
      const path = `/api/runs/${runs[i].id}/problem?${new URLSearchParams({ stage, problem: String(problem) })}`;
      return { run: runs[i], path, episodes };
    });
    const placed = sides.flatMap(({ run, episodes }) =>
      episodes.map((episode): Placed => ({ run, episode })),
    );
    const asked = sides.map(
      ({ path, episodes }) => [path, { episodes: episodes.map(({ id }) => id) }] as const,
    );
    if (kept.left() - placed.length < until || !kept.add(placed, sizeOf([asked, flip]))) break;
    const [first] = sides;
    const shown = kept.answers.get(`/api/runs/${first?.run.id}/episodes/${first?.episodes[0]?.id}`);
    const item = quietLine((shown as EpisodeAnswer).item, ITEM);
    taken.push({ ...flip, item });
    for (const [path, each] of asked) answers.set(path, each);
  }
  return { flips: taken, answers };
}
