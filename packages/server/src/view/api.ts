/** What the page asks for and gets, as JSON. Long texts come cut, and the rest on demand. */
import type { Shown } from "@rrr/core";
import type {
  EpisodeCount,
  EpisodeEntry,
  EpisodePath,
  FoundEpisodes,
  ResultBars,
  ResultRows,
  RunCurves,
  RunFigures,
  RunSetting,
  RunState,
  SettingDifference,
} from "@rrr/runs";

/** `unread`: its figures come with a later answer. */
export type LineState = RunState | "unreadable" | "unread";

/** A run in the list. */
export interface RunLine extends Partial<Omit<RunFigures, "status">> {
  /** What the page calls it in addresses. */
  readonly id: string;
  readonly name: string;
  readonly state: LineState;
  /** Why it cannot be read. */
  readonly error?: string;
}

/** `GET /api/runs` */
export interface RunsAnswer {
  readonly runs: readonly RunLine[];
  /** Of these how many are not read yet: ask again. */
  readonly pending: number;
  /** Where they are looked for. */
  readonly place: string;
}

/** `GET /api/runs/ID` */
export interface RunAnswer extends RunLine {
  readonly folder: string;
  readonly version: string;
  readonly seed: number;
  readonly reward: "retry" | "random";
  readonly endedAt?: string;
  /** How a failed run ended. */
  readonly failure?: string;
  readonly changes: readonly string[];
  readonly settings: readonly RunSetting[];
  /** Optimiser steps so far. */
  readonly steps: number;
  /** Saved steps, and which of them counts. */
  readonly checkpoints: readonly { readonly step: number; readonly isMeasured: boolean }[];
  readonly revision: number;
}

/** `GET /api/runs/ID/revision`: another number means that there is something new. */
export interface RevisionAnswer {
  readonly revision: number;
  readonly state: RunState;
}

/** `GET /api/runs/ID/curves` */
export type CurvesAnswer = RunCurves;

/** `GET /api/runs/ID/result` */
export type ResultAnswer =
  | (ResultRows & {
      readonly kind: "result";
      readonly bars: ResultBars;
      /** What it says in words, also where that is no. */
      readonly findings: readonly string[];
      /** How the figures were made. */
      readonly note: string;
      /** Said where the run is not finished. */
      readonly unfinished?: string;
    })
  | { readonly kind: "none"; readonly why: string };

/** `GET /api/runs/ID/episodes?…` */
export type EpisodesAnswer = FoundEpisodes;

/** `GET /api/runs/ID/counts` */
export interface CountsAnswer {
  readonly counts: readonly EpisodeCount[];
  readonly isComplete: boolean;
}

/** The beginning of a text, and how many characters (UTF-16 units) all of it has. */
export interface ShownText {
  readonly text: string;
  readonly length: number;
}

export interface ShownMessage {
  readonly role: "system" | "user" | "assistant";
  readonly content: ShownText;
  /** The functions on offer, as JSON. */
  readonly tools?: ShownText;
  /** The turn whose answer this is, word for word. */
  readonly answerOf?: number;
}

export interface ShownTurn {
  readonly position: number;
  readonly role: string;
  /** The conversation as the model was shown it: places in `messages`. */
  readonly prompt: readonly number[];
  readonly text: ShownText;
  readonly reasoning?: ShownText;
  readonly finish: string;
  readonly promptTokens: number | null;
  readonly tokens: number | null;
  readonly isCached: boolean;
  /** 1: its counts are estimates; 2: the server's contradict themselves. */
  readonly estimated: number;
  readonly verdict: "pass" | "fail" | null;
  readonly code: string | null;
  readonly detail?: ShownText;
  /** Whether the store has its tokens with their log-probabilities. */
  readonly hasTokens: boolean;
}

/** Another episode of the same problem: of the group in training, of the samples in an evaluation. */
export interface GroupMember {
  readonly id: number;
  readonly sample: number;
  readonly path: EpisodePath;
  readonly reward: number | null;
  readonly advantage: number | null;
  readonly error: string | null;
  readonly turns: readonly Pick<
    ShownTurn,
    "position" | "role" | "text" | "finish" | "tokens" | "verdict" | "code" | "hasTokens"
  >[];
}

/** `GET /api/runs/ID/episodes/NUMBER` */
export interface EpisodeAnswer extends Omit<EpisodeEntry, "preview"> {
  readonly item: ShownText;
  /** The mined failure that training started from. */
  readonly failure: number | null;
  readonly error: string | null;
  readonly errorTurn: string | null;
  readonly seconds: number | null;
  readonly recordedAt: string;
  readonly messages: readonly ShownMessage[];
  readonly turns: readonly ShownTurn[];
  readonly group: readonly GroupMember[];
  /** Left out where the user of the command did not name the run's task. */
  readonly shows?: ShowsOfTask;
  /** What the store does not hold of this episode, in sentences. */
  readonly lacks: readonly string[];
}

/** `GET /api/runs/ID/episodes/NUMBER/text?of=…&from=…` */
export interface TextAnswer {
  readonly text: string;
  readonly from: number;
  readonly length: number;
}

/** `GET /api/runs/ID/episodes/NUMBER/tokens?turn=…` */
export type TokensAnswer =
  | {
      readonly kind: "tokens";
      /** In their order; tokens that make one character together have one text. */
      readonly tokens: readonly { readonly text: string; readonly logprob: number }[];
    }
  | { readonly kind: "none"; readonly why: string };

/** `GET /api/runs/ID/problem?stage=…&problem=…`: the episodes of a problem in an evaluation. */
export interface ProblemAnswer {
  readonly episodes: readonly number[];
}

export interface ComparedSide {
  readonly id: string;
  readonly name: string;
  readonly task: string;
  readonly model: string;
  readonly stage: string;
  readonly state: string;
}

export interface ShownFlip {
  readonly measure: "first" | "after";
  /** Its number in each of the two runs. */
  readonly problems: readonly [number, number];
  readonly shares: readonly [number, number];
  readonly item: string;
}

/** `GET /api/compare?a=ID&b=ID` with `:before` or `:after` behind an id for that evaluation. */
export interface CompareAnswer extends ResultRows {
  readonly sides: readonly [ComparedSide, ComparedSide];
  readonly problems: number;
  /** Problems of each that the other does not have. */
  readonly left: readonly [number, number];
  readonly findings: readonly string[];
  readonly flips: readonly ShownFlip[];
  /** Problems that flipped too and are not among them. */
  readonly flipsLeft: number;
  readonly settings: readonly SettingDifference[];
  readonly note: string;
}

/** What of a run's episodes its task shows with its own words and pictures. */
export interface ShowsOfTask {
  readonly item: boolean;
  readonly answer: boolean;
}

/** `GET /api/runs/ID/episodes/NUMBER/shown` the item, with `?turn=…` an answer; `POST /api/try/show` with `{ item, answer }` */
export type ShownByTask =
  | (Shown & { readonly kind: "shown" })
  | { readonly kind: "none"; readonly why: string };

/** `GET /api/try`: what the user of the command named to be tried. */
export type TrialAnswer =
  | {
      readonly kind: "trial";
      readonly task: string;
      readonly shows: ShowsOfTask;
      readonly model?: string;
    }
  | { readonly kind: "none" };

/** `POST /api/try/verify` with `{ item, answer }` */
export interface TriedVerdict {
  readonly kind: "pass" | "fail" | "invalid";
  readonly code?: string;
  readonly detail?: string;
}

type TrialRole = "attempt" | "reflection" | "retry";

/** A line of the answer to `POST /api/try/episode` with `{ item, seed }` */
export type TrialEvent =
  | {
      readonly kind: "asked";
      readonly role: TrialRole;
      readonly prompt: readonly { readonly role: string; readonly content: string }[];
    }
  | {
      readonly kind: "answer";
      readonly role: TrialRole;
      readonly text: string;
      readonly isCut: boolean;
      readonly reasoning?: string;
    }
  | { readonly kind: "verdict"; readonly verdict: TriedVerdict }
  | { readonly kind: "error"; readonly message: string }
  | { readonly kind: "end"; readonly path: string };

/** What comes with any status that is not 200. */
export interface ErrorAnswer {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}
