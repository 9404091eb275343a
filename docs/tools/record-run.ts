/**
 * Records what a run shows in a terminal, and draws it as an animated SVG: real output, in a real terminal (tmux), with its
 * own timing, sped up.
 *
 *     npx tsx docs/tools/record-run.ts docs/img/terminal.svg -- countdown --steps 16 --limit 60
 */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";

const COLUMNS = 96;
const ROWS = 27;
const EVERY_MS = 500;
/** What the whole picture takes; its last frame stays longer. */
const SECONDS = 24;
const LAST_SECONDS = 6;
const MOST_FRAMES = 90;

interface Frame {
  /** Seconds since the start. */
  readonly at: number;
  readonly lines: readonly string[];
}

const [out, , ...args] = process.argv.slice(2);
if (out === undefined)
  throw new Error("Say where to: docs/tools/record-run.ts FILE.svg -- <arguments of rrr run>");

const session = `rrr-record-${process.pid}`;
const tmux = (...words: string[]): string =>
  execFileSync("tmux", ["-L", session, ...words], { encoding: "utf8" });

async function record(): Promise<readonly Frame[]> {
  const command = `node packages/cli/bin/rrr.js run ${args.join(" ")}`;
  const size = ["-x", String(COLUMNS), "-y", String(ROWS)];
  // What a reader would type stands first; CI is none here.
  const shown = `npx rrr run ${args.join(" ")}`;
  tmux(
    "new-session",
    "-d",
    ...size,
    `env -u CI sh -c 'clear; echo "$ ${shown}"; ${command}; sleep 3; echo; exit'`,
  );
  const frames: Frame[] = [];
  const began = performance.now();
  for (;;) {
    let screen: string;
    try {
      screen = tmux("capture-pane", "-p");
    } catch {
      return frames;
    }
    const lines = screen.split("\n").map((line) => line.trimEnd());
    if (frames.at(-1)?.lines.join("\n") !== lines.join("\n")) {
      frames.push({ at: (performance.now() - began) / 1000, lines });
    }
    await wait(EVERY_MS);
  }
}

/** The first, the last, and some between them, evenly in time. */
function thinned(frames: readonly Frame[]): readonly Frame[] {
  const last = frames.at(-1)?.at ?? 0;
  const kept = new Map(frames.map((frame) => [Math.round((frame.at / last) * MOST_FRAMES), frame]));
  return [...kept.values()];
}

const SIZE = 12;
const WIDTH = 7.23;
const LINE = 16;
const PAD = 14;

function draw(frames: readonly Frame[]): string {
  const end = frames.at(-1)?.at ?? 1;
  const total = SECONDS + LAST_SECONDS;
  const width = Math.ceil(COLUMNS * WIDTH + 2 * PAD);
  const height = ROWS * LINE + 2 * PAD;
  const percent = (at: number): string => ((100 * SECONDS * at) / end / total).toFixed(3);
  const drawn = frames.map(({ at, lines }, i) => {
    const next = frames[i + 1];
    const [from, to] = [percent(at), next === undefined ? "100" : percent(next.at)];
    const isLast = next === undefined;
    const times = `@keyframes f${i}{0%{visibility:hidden}${from}%{visibility:visible}${isLast ? "" : `${to}%{visibility:hidden}`}}`;
    const style = `.f${i}{visibility:hidden;animation:f${i} ${total}s step-end infinite}`;
    const texts = lines.flatMap((line, row) =>
      line === ""
        ? []
        : [
            `<text x="${PAD}" y="${PAD + row * LINE + SIZE}" textLength="${(widthOf(line) * WIDTH).toFixed(1)}">${escaped(line)}</text>`,
          ],
    );
    return { style: times + style, group: `<g class="f${i}">${texts.join("")}</g>` };
  });
  const speed = Math.round(end / SECONDS);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" xml:space="preserve">`,
    `<title>A run in a terminal, ${speed} times as fast</title>`,
    `<style>text{font:${SIZE}px ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;fill:#e6edf3;white-space:pre}`,
    // Who wants no motion sees the end.
    `@media (prefers-reduced-motion:reduce){g{animation:none!important}.f${frames.length - 1}{visibility:visible!important}}`,
    `${drawn.map(({ style }) => style).join("")}</style>`,
    `<rect width="100%" height="100%" rx="8" fill="#0d1117"/>`,
    ...drawn.map(({ group }) => group),
    "</svg>\n",
  ].join("\n");
}

function widthOf(line: string): number {
  return [...line].length;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

const frames = await record();
if (frames.length < 3) throw new Error("The run showed nothing: try it by hand.");
const kept = thinned(frames);
writeFileSync(out, draw(kept));
console.log(
  `${out}: ${kept.length} frames of ${frames.length}, ${frames.at(-1)?.at.toFixed(0)} s in ${SECONDS} s`,
);
