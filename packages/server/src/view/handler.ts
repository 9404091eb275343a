import { messageOf, RrrError } from "@rrr/core";
import {
  EPISODE_ORDERS,
  EPISODE_PATHS,
  type EpisodeQuery,
  type RunReader,
  type StoredEpisode,
} from "@rrr/runs";
import type { Asset } from "./assets.ts";
import { compareAnswer, type SideAsked } from "./compare-answer.ts";
import { episodeAnswer, shownByTask, textAnswer } from "./episode-answers.ts";
import { createFigures } from "./figures.ts";
import { figuresOfReader } from "./figures-of.ts";
import { answer, answerJson, refusalOf, refuse } from "./guard.ts";
import { createOpenRuns, type OpenRun } from "./open-runs.ts";
import { type Parameters, parametersOf, wholeNumber } from "./parameters.ts";
import { revisionAnswer, runAnswer } from "./run-answers.ts";
import type { RunLibrary } from "./run-library.ts";
import { createTokenTexts } from "./token-answer.ts";
import type { Trial } from "./trial.ts";
import { trialAnswer, tried } from "./trial-answers.ts";

/** What the page shows, and who may see it. */
export interface ViewSettings {
  readonly runs: RunLibrary;
  /** The page's files by their paths: see `readAssets`. */
  readonly assets: ReadonlyMap<string, Asset>;
  /** What every request for data must have in its header `x-rrr-token`. */
  readonly token: string;
  /** Where search indexes are kept: never in a run's folder. */
  readonly indexes: string;
  /** What can be tried; left out: nothing. */
  readonly trial?: Trial;
  /** Folder of the built-in model of a task, for the texts of its tokens. */
  readonly builtin?: (task: string) => string | undefined;
}

export interface ViewHandler {
  readonly handle: (request: Request) => Promise<Response>;
  close(): void;
}

/** Up to so much news of a run, its figures are made in a fifth of a second: no other thread is worth it. */
const AT_ONCE = 4_000;

/** Most episodes of a page. */
const MOST_EPISODES = 500;

/** The page of `rrr view`, as a function from a request to a response. It reads runs, and neither writes nor runs anything. */
export function createViewHandler(settings: ViewSettings): ViewHandler {
  const { runs, assets, token, indexes, trial, builtin = () => undefined } = settings;
  const open = createOpenRuns(indexes);
  const figures = createFigures();
  const tokens = createTokenTexts(builtin);

  async function dataOf(path: readonly string[], request: Request, asked: Parameters): Promise<unknown> {
    const [what, id, part, number, detail, ...rest] = path;
    if (rest.length > 0) return undefined;
    if (what === "try" && part === undefined) {
      if (id === undefined) return trialAnswer(trial);
      return trial && tried(trial, id, request, asked);
    }
    if (what === "compare" && id === undefined) {
      return comparison(side(asked.text("a")), side(asked.text("b")));
    }
    if (what !== "runs") return undefined;
    if (id === undefined) return runs.list();
    const folder = runs.folderOf(id);
    if (folder === undefined) return undefined;
    const run = open.open(folder);
    if (part === undefined) return runAnswer(run.reader, runs.line(id, folder));
    if (part !== "episodes") return number === undefined ? partOf(run, part, asked) : undefined;
    if (number === undefined) return run.index().find(queryOf(asked));
    const episode = run.reader.episode(wholeNumber(number, "the episode"));
    if (episode === undefined) return undefined;
    // What a run names is not loaded: only what its user named for the same task.
    const eyes = trial?.task === run.reader.run.task ? trial : undefined;
    if (detail === undefined) return episodeAnswer(run.reader, episode, eyes?.shows);
    if (detail === "shown") return eyes && shownByTask(eyes, episode, asked.number("turn"));
    return detailOf(run, episode, detail, asked);
  }

  function partOf({ reader, index }: OpenRun, part: string, asked: Parameters): unknown {
    if (part === "revision") return revisionAnswer(reader);
    if (part === "curves" || part === "result") {
      if (reader.newest() <= AT_ONCE) return figuresOfReader(part, reader);
      return figures.of({ kind: part, folder: reader.run.folder }, versionOf(reader));
    }
    if (part === "counts") {
      const found = index();
      return { counts: found.counts(), isComplete: found.update(0).isComplete };
    }
    if (part !== "problem") return undefined;
    const stage = asked.oneOf("stage", ["evaluate", "before", "after"]) ?? "evaluate";
    const place = { stage, part: "episodes", step: null, problem: asked.number("problem") ?? 0 } as const;
    return { episodes: reader.together(place).map(({ id }) => id) };
  }

  function comparison(a: SideAsked, b: SideAsked): unknown {
    const readers = [a, b].map(({ folder }) => open.open(folder).reader);
    if (readers.every((reader) => reader.newest() <= AT_ONCE)) return compareAnswer(a, b);
    return figures.of({ kind: "compare", a, b }, readers.map(versionOf).join(" "));
  }

  async function detailOf(
    { reader }: OpenRun,
    episode: StoredEpisode,
    detail: string,
    asked: Parameters,
  ): Promise<unknown> {
    if (detail === "text") {
      return textAnswer(reader, episode, asked.text("of") ?? "item", asked.number("from") ?? 0);
    }
    if (detail === "tokens") return tokens.of(reader, episode.id, asked.number("turn") ?? 0);
    return undefined;
  }

  function side(text = ""): SideAsked {
    const [, id = "", stage] = /^([0-9a-f]+)(?::(before|after))?$/.exec(text) ?? [];
    const folder = runs.folderOf(id);
    if (folder === undefined) throw new RrrError("bad-argument", `there is no run ${JSON.stringify(text)}`);
    return { id, folder, stage: stage as SideAsked["stage"] };
  }

  return {
    async handle(request) {
      const refused = refusalOf(request, token);
      if (refused !== undefined) return refused;
      const { pathname, searchParams } = new URL(request.url);
      const asset = assets.get(pathname);
      if (asset !== undefined) return answer(asset.body, asset.type);
      if (!pathname.startsWith("/api/")) return refuse(404, "there is no such page", "The page is at /.");
      try {
        const path = pathname.slice("/api/".length).split("/").map(decodeURIComponent);
        const data = await dataOf(path, request, parametersOf(searchParams));
        if (data instanceof ReadableStream) return answer(data, "application/x-ndjson; charset=utf-8");
        return data === undefined ? refuse(404, "there is no such thing in these runs") : answerJson(data);
      } catch (error) {
        return toAnswer(error);
      }
    },
    close() {
      figures.close();
      open.close();
    },
  };
}

/** Another one where figures may be others. */
function versionOf(reader: RunReader): string {
  return `${reader.newest()} ${reader.refresh().status}`;
}

function queryOf(asked: Parameters): EpisodeQuery {
  const limit = Math.min(asked.number("limit") ?? 100, MOST_EPISODES);
  return withoutUndefined({
    ...{
      stage: asked.text("stage"),
      part: asked.text("part"),
      code: asked.text("code"),
      text: asked.text("text"),
    },
    ...{ step: asked.number("step"), problem: asked.number("problem"), cut: asked.flag("cut") },
    ...{ path: asked.oneOf("path", EPISODE_PATHS), order: asked.oneOf("order", EPISODE_ORDERS) },
    ...{ after: asked.text("after"), limit },
  });
}

type WithoutUndefined<Of> = { [Name in keyof Of]?: Exclude<Of[Name], undefined> };

function withoutUndefined<Of extends object>(of: Of): WithoutUndefined<Of> {
  return Object.fromEntries(
    Object.entries(of).filter(([, value]) => value !== undefined),
  ) as WithoutUndefined<Of>;
}

/** What was asked wrongly is told so; a run that is damaged is no fault of the server's either. */
function toAnswer(error: unknown): Response {
  if (error instanceof URIError) return refuse(400, "the address is malformed");
  if (!RrrError.is(error)) return answerJson({ code: "500", message: messageOf(error) }, 500);
  const { code, message, hint } = error;
  const status = code === "bad-argument" ? 400 : 422;
  return answerJson({ code, message, ...(hint === undefined ? {} : { hint }) }, status);
}
