import type { EpisodeEntry, RunReader, StoredEpisode } from "@rrr/runs";
import { episodeAnswer } from "../view/episode-answers.ts";
import { type QuietSettings, quietEntry, quietEpisode } from "./quiet-episode.ts";
import { ownTexts } from "./quiet-texts.ts";
import { asData } from "./report-page.ts";

/** A run of a report, by what addresses call it. */
export interface ReportedRun {
  readonly id: string;
  readonly reader: RunReader;
}

export interface Placed {
  readonly run: ReportedRun;
  readonly episode: StoredEpisode;
}

/** The episodes that a report has room for. */
export interface KeptEpisodes {
  /** All of them or none. @param more bytes that come with them @returns whether there was room */
  add(episodes: readonly Placed[], more?: number): boolean;
  /** How many more there may be. */
  left(): number;
  readonly answers: ReadonlyMap<string, unknown>;
  /** In the order in which they were recorded. */
  entries(run: string): readonly EpisodeEntry[];
}

/** @param bytes that there is room for @param most episodes */
export function createKeptEpisodes(bytes: number, most: number, settings: QuietSettings): KeptEpisodes {
  const answers = new Map<string, unknown>();
  const entries = new Map<string, EpisodeEntry[]>();
  let room = bytes;
  let left = most;
  return {
    answers,
    left: () => left,
    entries: (run) => (entries.get(run) ?? []).toSorted((a, b) => a.id - b.id),
    add(episodes, more = 0) {
      const fresh = episodes
        .map(({ run, episode }) => ({ run, episode, path: `/api/runs/${run.id}/episodes/${episode.id}` }))
        .filter(({ path }) => !answers.has(path))
        .map(({ run, episode, path }) => {
          const answer = ownTexts(quietEpisode(episodeAnswer(run.reader, episode), settings), settings.scrub);
          return { run, path, answer, entry: ownTexts(quietEntry(episode, answer), settings.scrub) };
        });
      const size = fresh.reduce((sum, { path, answer, entry }) => sum + sizeOf([path, answer, entry]), more);
      if (size > room || fresh.length > left) return false;
      room -= size;
      left -= fresh.length;
      for (const { run, path, answer, entry } of fresh) {
        answers.set(path, answer);
        entries.set(run.id, [...(entries.get(run.id) ?? []), entry]);
      }
      return true;
    },
  };
}

/** In the file. */
export function sizeOf(value: unknown): number {
  return Buffer.byteLength(asData(value));
}
