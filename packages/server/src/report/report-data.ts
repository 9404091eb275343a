import type { EpisodeEntry } from "@rrr/runs";

/** What the page finds in the file of a report, in place of a server. */
export interface ReportData {
  /** The page that it begins with, as the address has it after `#/`. */
  readonly home: string;
  /** ISO 8601. */
  readonly made: string;
  /** Of rrr. */
  readonly version: string;
  /** By what addresses call them. */
  readonly runs: Readonly<Record<string, ReportedEpisodes>>;
  readonly hasPrompts: boolean;
  /** Chance began here. */
  readonly seed: number;
  /** Characters of a text that are in the file at most. */
  readonly textLength: number;
  /** Curves have every so many steps; 1: all. */
  readonly stepsPerPoint: number;
  /** How many settings of its runs are not told. */
  readonly settingsLeftOut: number;
  /** What a server would answer, by the paths that the page asks for. */
  readonly answers: Readonly<Record<string, unknown>>;
}

/** The episodes of a run that are in the file, in the order in which they were recorded, and how many there are in all. */
export interface ReportedEpisodes {
  readonly entries: readonly EpisodeEntry[];
  readonly total: number;
}
