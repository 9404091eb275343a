import { basename, extname } from "node:path";
import { type CurveRun, learningCurves, resultChart } from "@rrr/charts";
import { newDocument, pngBytes, svgText } from "@rrr/charts/files";
import { RrrError } from "@rrr/core";
import { findRun, openRunReader, type RunReader, resultBars, runState, storedResult } from "@rrr/runs";
import { say } from "../output/print.ts";
import { writeNewFile } from "../output/write-new-file.ts";
import type { PlotFlags } from "./plot-flags.ts";

const WRITERS: Readonly<Record<string, (svg: object) => Promise<string | Buffer>>> = {
  ".svg": svgText,
  ".png": (svg) => pngBytes(svg),
};

/** `rrr plot`. @throws RrrError `bad-run`, `bad-argument` */
export async function plot(names: readonly string[], flags: PlotFlags): Promise<void> {
  const write = WRITERS[extname(flags.out).toLowerCase()];
  if (write === undefined) {
    throw new RrrError("bad-argument", `${flags.out} is neither .svg nor .png`, {
      hint: "Its ending says how the picture is written.",
    });
  }
  const readers: RunReader[] = [];
  try {
    for (const name of names) readers.push(openRunReader(findRun(name, process.cwd()).folder));
    await writeNewFile(flags.out, await write(draw(readers, flags)));
    say(`rrr: wrote ${flags.out}\n`);
  } finally {
    for (const reader of readers) reader.close();
  }
}

function draw(readers: readonly RunReader[], { what, width, title }: PlotFlags): object {
  const size = { document: newDocument(), ...(width !== undefined && { width }) };
  const isTrained = readers.some((reader) => reader.run.command === "run");
  if (what === "bars" || (what === undefined && !isTrained)) {
    const [reader, ...more] = readers as [RunReader, ...RunReader[]];
    if (more.length > 0) {
      throw new RrrError("bad-argument", "bars are of one run", {
        hint: "Draw a picture of each; `rrr compare` puts two runs side by side.",
      });
    }
    const bars = resultBars(storedResult(reader), runState(reader.run));
    return resultChart(bars, { ...size, ...(title !== undefined && { title }) });
  }
  const runs = curveRuns(readers);
  const untrained = runs.find(({ curves }) => curves.curves.retries === undefined);
  if (untrained !== undefined) {
    throw new RrrError("bad-argument", `${untrained.label} has no training step, so that there is no curve`, {
      hint: "Without training: --what bars. A run that has just begun: try again after its first step.",
    });
  }
  return learningCurves(runs, { ...size, title: title ?? titleOf(readers) });
}

/** By the names of their folders, and as they were given where these are the same. */
function curveRuns(readers: readonly RunReader[]): readonly CurveRun[] {
  const names = readers.map(({ run }) => basename(run.folder));
  return readers.map((reader, i) => {
    const name = names[i] as string;
    const isAlone = names.filter((other) => other === name).length === 1;
    return { label: isAlone ? name : reader.run.folder, curves: reader.curves() };
  });
}

function titleOf(readers: readonly RunReader[]): string {
  const of = (fact: (reader: RunReader) => string): string => [...new Set(readers.map(fact))].join(", ");
  const models = of(({ run: { model } }) => (model === "builtin" ? "built-in model" : model));
  return `${of(({ run }) => run.task)} · ${models} · seed ${of(({ run }) => String(run.seed))}`;
}
