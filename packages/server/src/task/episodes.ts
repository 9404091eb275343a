import { randomUUID } from "node:crypto";
import type { Completion } from "@rrr/core";
import { Refusal } from "../http/refusal.ts";
import { type LiveEpisode, type Progress, startEpisode } from "./live-episode.ts";
import type { Named } from "./problems.ts";
import type { Turn } from "./remote-model.ts";
import type { TaskServerLimits } from "./task-settings.ts";

/** Of what clients sent, in all episodes: they cannot fill the memory. */
const MOST_CHARACTERS = 256 << 20;

/** An episode that is kept for its client. */
export interface KeptEpisode {
  /** Cannot be guessed. */
  readonly id: string;
  /** The id by which the client named its problem. */
  readonly item: string | undefined;
  progress(): Promise<Progress>;
  /** @throws Refusal 409 for another turn than the one that is asked for, 503 where there is no room for more text */
  answer(turn: Turn, completion: Completion): Promise<Progress>;
}

/** Episodes under way, and those that ended a while ago. */
export interface Episodes {
  /** @throws Refusal 503 where there are too many */
  start(named: Named, reflects: boolean): KeptEpisode;
  /** @throws Refusal 404 */
  find(id: string): KeptEpisode;
  /** @returns whether there was one */
  drop(id: string): boolean;
}

interface Entry {
  readonly episode: KeptEpisode;
  readonly live: LiveEpisode;
  characters: number;
  seen: number;
}

export function createEpisodes(settings: TaskServerLimits): Episodes {
  const { task, maxEpisodes, episodeSeconds, retryLayout, verifyTimeoutMs } = settings;
  /** The one used last is the last. */
  const entries = new Map<string, Entry>();
  let characters = 0;

  function drop(id: string): boolean {
    const entry = entries.get(id);
    characters -= entry?.characters ?? 0;
    entry?.live.drop();
    return entries.delete(id);
  }

  function dropOld(): void {
    const oldest = performance.now() - episodeSeconds * 1000;
    for (const [id, { seen }] of entries) {
      if (seen > oldest) break;
      drop(id);
    }
  }

  /** Those that ended go first; those under way are somebody's. */
  function makeRoom(more: number, newcomers: number): void {
    const isFull = (): boolean =>
      entries.size + newcomers > maxEpisodes || characters + more > MOST_CHARACTERS;
    for (const [id, { live }] of entries) {
      if (!isFull()) return;
      if (live.isOver) drop(id);
    }
    if (!isFull()) return;
    const what = `${entries.size} episodes are under way, and there is no room for more; end or drop some`;
    throw new Refusal(503, what, "too-many-episodes");
  }

  return {
    start({ item, id: named }, reflects) {
      dropOld();
      const size = named === undefined ? sizeOf(item) : 0;
      makeRoom(size, 1);
      const live = startEpisode(task, item, reflects, {
        ...(retryLayout === undefined ? {} : { retryLayout }),
        ...(verifyTimeoutMs === undefined ? {} : { verifyTimeoutMs }),
      });
      const id = randomUUID();
      const answer: KeptEpisode["answer"] = (turn, completion) => {
        const { length } = completion.text;
        makeRoom(length, 0);
        const progress = live.answer(turn, completion);
        if (entries.has(id)) {
          entry.characters += length;
          characters += length;
        }
        return progress;
      };
      const episode = { id, item: named, progress: live.progress, answer };
      const entry = { episode, live, characters: size, seen: performance.now() };
      entries.set(id, entry);
      characters += size;
      return episode;
    },
    find(id) {
      dropOld();
      const entry = entries.get(id);
      if (entry === undefined) {
        const what = `there is no episode ${JSON.stringify(id.slice(0, 80))}; it was dropped, or the server started anew`;
        throw new Refusal(404, what, "unknown-episode");
      }
      entries.delete(id);
      entries.set(id, entry);
      entry.seen = performance.now();
      return entry.episode;
    },
    drop,
  };
}

/** Characters of an item; one that cannot be written was not sent by a client. */
function sizeOf(item: unknown): number {
  try {
    return JSON.stringify(item).length;
  } catch {
    return 0;
  }
}
