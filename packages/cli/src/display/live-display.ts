import { type Episode, visible } from "@rrr/core";
import { widthOf, wrapText } from "@rrr/runs";
import { episodeLines } from "./episode-lines.ts";
import { liveText } from "./live-text.ts";
import type { Display, Progress } from "./progress.ts";
import { createRedraw, type Redraw } from "./redraw.ts";
import { createStageClock } from "./stage-clock.ts";

/** A redraw takes some milliseconds of the thread that the run is in. */
const MIN_REDRAW_MS = 500;
/** As long as it takes to read one. */
const EPISODE_MS = 4_000;
/** A terminal of fewer lines has no place for an episode. */
const LEAST_ROWS = 12;

/** Redraws a few lines in place: for a terminal. At the end of a stage they stay, without the episode. */
export function createLiveDisplay(stream: NodeJS.WriteStream): Display {
  const lines = createRedraw(stream);
  const clock = createStageClock();
  let progress: Progress | undefined;
  let eta = "";
  let episode: Episode | undefined;
  let shownEpisode: readonly string[] = [];
  let shownFor: readonly [Episode, number] | undefined;
  let episodeAt = Number.NEGATIVE_INFINITY;
  let drawn = "";
  let drawnAt = 0;
  const linesOf = (of: Episode, columns: number): readonly string[] => {
    if (shownFor?.[0] !== of || shownFor[1] !== columns) {
      shownEpisode = episodeLines(of, columns);
      shownFor = [of, columns];
    }
    return shownEpisode;
  };
  const draw = (isLast: boolean): void => {
    if (progress === undefined) return;
    const { columns, rows } = stream;
    const state = visible(liveText(progress, eta, columns));
    const withEpisode = !isLast && episode !== undefined && rows >= LEAST_ROWS;
    drawn = withEpisode ? [state, ...linesOf(episode as Episode, columns)].join("\n") : state;
    drawnAt = performance.now();
    lines.draw(drawn);
  };
  const settle = (): void => {
    if (progress === undefined) return;
    draw(true);
    lines.done();
    [progress, episode, drawn] = [undefined, undefined, ""];
    episodeAt = Number.NEGATIVE_INFINITY;
  };
  const onResize = (): void => {
    if (progress === undefined) return;
    eraseReflowed(stream, drawn, lines);
    draw(false);
  };
  stream.on("resize", onResize);
  return {
    update(next) {
      if (next.stage !== progress?.stage) settle();
      progress = next;
      eta = clock.eta(next);
      if (performance.now() - drawnAt >= MIN_REDRAW_MS) draw(false);
    },
    episode(next) {
      const now = performance.now();
      if (now - episodeAt < EPISODE_MS) return;
      [episode, episodeAt] = [next, now];
    },
    note(line) {
      settle();
      stream.write(`${wrapText(line, { columns: stream.columns })}\n`);
    },
    close() {
      settle();
      stream.off("resize", onResize);
    },
  };
}

/**
 * Takes away what was drawn for a wider terminal: one that got narrower has broken its lines into more of them. What stands
 * above is kept.
 */
function eraseReflowed(stream: NodeJS.WriteStream, drawn: string, of: Redraw): void {
  const lines = drawn.split("\n");
  const columns = Math.max(1, stream.columns);
  const rows = lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(widthOf(line) / columns)), 0);
  of.clear();
  const more = Math.min(rows, stream.rows) - lines.length;
  if (more > 0) stream.write("\u001b[1A\u001b[2K".repeat(more));
}
