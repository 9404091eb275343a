import { type EpisodeIndex, openEpisodeIndex, openRunReader, type RunReader } from "@rrr/runs";

/** A run that the page looks at. */
export interface OpenRun {
  readonly reader: RunReader;
  /** With as much of the run in it as a reader waits for; the rest follows by itself. */
  index(): EpisodeIndex;
}

export interface OpenRuns {
  /** @throws RrrError `bad-run` */
  open(folder: string): OpenRun;
  close(): void;
}

/** Runs that stay open: enough for a comparison and what was looked at before. */
const MOST = 8;
/** How long a request waits for what is not in the index yet, and for how long the rest is worked on at a time. */
const WAIT_MS = 200;
const SLICE_MS = 40;
const PAUSE_MS = 20;

/** Keeps runs open between requests, those that were asked for last. @param indexes folder of the search indexes */
export function createOpenRuns(indexes: string): OpenRuns {
  const runs = new Map<string, OpenRun & { close(): void }>();
  return {
    open(folder) {
      const run = runs.get(folder) ?? openRun(folder, indexes);
      runs.delete(folder);
      runs.set(folder, run);
      for (const [oldest, each] of runs) {
        if (runs.size <= MOST) break;
        runs.delete(oldest);
        each.close();
      }
      return run;
    },
    close() {
      for (const run of runs.values()) run.close();
      runs.clear();
    },
  };
}

function openRun(folder: string, indexes: string): OpenRun & { close(): void } {
  const reader = openRunReader(folder);
  let index: EpisodeIndex | undefined;
  let timer: NodeJS.Timeout | undefined;

  function goOn(): void {
    timer = undefined;
    try {
      if (index?.update(SLICE_MS).isComplete === false) timer = setTimeout(goOn, PAUSE_MS);
    } catch {
      // The next request meets it too, and can say so.
    }
  }
  return {
    reader,
    index() {
      index ??= openEpisodeIndex(reader, indexes);
      if (!index.update(WAIT_MS).isComplete) timer ??= setTimeout(goOn, PAUSE_MS);
      return index;
    },
    close() {
      clearTimeout(timer);
      index?.close();
      reader.close();
    },
  };
}
