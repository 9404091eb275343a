/**
 * `pnpm bench:growth [--only parameters,group,requests] [--rounds 5] [--tools DIR] [--others DIR] --out FOLDER`: how speed grows
 * with the model, the group and the requests in flight, beside others, as pictures. Runs the other benchmarks with other sizes:
 *
 *   parameters   bench:torch, training and sampling, 0.4 M to 135 M weights
 *   group        bench:trl, a step of 8 failures with groups of 2 to 32
 *   requests     bench:throughput, 8 to 512 in flight, beside promptfoo and inspect_ai where `--others` has them
 *
 * Each size is written to FOLDER/growth.json when it is there, and is not measured again: for other code, another folder.
 * Build first.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";

/** What one contender reached at one size: larger is better. */
interface Point {
  readonly size: number;
  readonly name: string;
  readonly rate: number;
}

interface Series {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly points: readonly Point[];
}

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "parameters,group,requests" },
    rounds: { type: "string", default: "5" },
    tools: { type: "string" },
    others: { type: "string", default: "" },
    out: { type: "string", default: "growth" },
  },
});
const out = resolve(values.out);
mkdirSync(out, { recursive: true });
const file = join(out, "growth.json");
const known: Record<string, readonly Readonly<Record<string, unknown>>[]> = existsSync(file)
  ? JSON.parse(readFileSync(file, "utf8"))
  : {};
const tools = values.tools === undefined ? [] : ["--tools", values.tools];
const rounds = ["--rounds", values.rounds];

const SIZES: Readonly<Record<string, number>> = {
  "0.4M": 0.37,
  "2M": 2,
  "13M": 13,
  "49M": 49,
  "135M-full": 135,
};
const GROUPS = [2, 4, 8, 16, 32];
const IN_FLIGHT = [8, 32, 128, 512];
/** Ours first, in the same colour everywhere. */
const COLOURS = ["#c2410c", "#1d4ed8", "#0f766e"];
/** Pixels between the labels at the ends of lines. */
const BETWEEN_LABELS = 13;

const only = values.only.split(",");
if (only.includes("parameters")) {
  const all = Object.entries(SIZES).flatMap(([shape, size]) =>
    measured("peers/torch.ts", "--shape", shape, ...rounds, ...tools).map((line) => ({ ...line, size })),
  );
  for (const work of ["training", "sampling"]) {
    const points = all
      .filter((line) => "work" in line && line.work === work)
      .map((line) => point(line, line.size, "tokensPerSecond"));
    draw(`parameters-${work}`, { title: work, x: "million weights", y: "tokens a second", points });
  }
}
if (only.includes("group")) {
  const points = GROUPS.flatMap((group) =>
    measured("peers/trl.ts", "--group", `${group}`, ...rounds, ...tools).map((line) => {
      return { size: group, name: `${line.name}`, rate: Number(line.episodes) / Number(line.seconds) };
    }),
  );
  draw("group", {
    title: "a step of 8 failures",
    x: "reflections of a failure",
    y: "episodes a second",
    points,
  });
}
if (only.includes("requests")) {
  const others = values.others === "" ? [] : ["--tools", resolve(values.others)];
  const what = others.length === 0 ? "client" : "client,promptfoo,inspect";
  const points = IN_FLIGHT.flatMap((size) =>
    measured("throughput.ts", "--only", what, "--in-flight", `${size}`, ...others).map((line) =>
      point(line, size, "rate"),
    ),
  );
  draw("requests", { title: "answers after 50 ms", x: "requests in flight", y: "requests a second", points });
}

function point(line: Readonly<Record<string, unknown>>, size: number, rate: string): Point {
  return { size, name: `${line.name}`, rate: Number(line[rate]) };
}

/** The lines of JSON that a benchmark prints, or those that it printed before. */
function measured(program: string, ...args: readonly string[]): readonly Readonly<Record<string, unknown>>[] {
  const asked = args.filter((_, i) => !args[i]?.startsWith("--tools") && !args[i - 1]?.startsWith("--tools"));
  const key = [program, ...asked].join(" ");
  if (known[key] !== undefined) return known[key];
  console.error(key);
  const path = fileURLToPath(new URL(`../${program}`, import.meta.url));
  const run = spawnSync(process.execPath, ["--import", "tsx", "--expose-gc", path, ...args, "--json"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    // Built code, as it is installed: sources through tsx are slower.
    env: {
      ...process.env,
      TSX_TSCONFIG_PATH: fileURLToPath(new URL("../../tsconfig.base.json", import.meta.url)),
    },
  });
  if (run.status !== 0) throw new Error(`${key} ended with ${run.status}`);
  const lines = run.stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));
  known[key] = lines;
  writeFileSync(file, `${JSON.stringify(known, null, 1)}\n`);
  return lines;
}

function draw(name: string, series: Series): void {
  const { x: xLabel, y: yLabel, title, points } = series;
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const sizes = [...new Set(points.map(({ size }) => size))];
  const names = [...new Set(points.map((point) => point.name))];
  const ends = names.map((each) => points.findLast((point) => point.name === each) as Point);
  const plot = (labels: readonly Plot.Markish[]) =>
    Plot.plot({
      document: document as never,
      ...{ width: 420, height: 280, marginLeft: 60, marginBottom: 40, marginRight: 110, marginTop: 36 },
      style: { fontFamily: "Inter, sans-serif", fontSize: "11px", background: "#fff", color: "#222" },
      ariaLabel: `${title}: ${yLabel} by ${xLabel}`,
      color: { domain: names, range: COLOURS },
      x: {
        type: "log",
        base: 2,
        label: xLabel,
        labelAnchor: "center",
        labelArrow: "none",
        ticks: sizes,
        tickFormat: String,
        inset: 8,
      },
      y: {
        type: "log",
        inset: 8,
        label: `${title}: ${yLabel}`,
        labelArrow: "none",
        grid: true,
        ticks: ticksOf(points.map(({ rate }) => rate)),
        tickFormat: "~s",
      },
      marks: [
        Plot.line(points, { x: "size", y: "rate", stroke: "name", strokeWidth: 1.75 }),
        Plot.dot(points, { x: "size", y: "rate", fill: "name", r: 2.5 }),
        ...labels,
      ],
    });
  const y = plot([]).scale("y");
  const at = (point: Point): number => Number(y?.apply(point.rate));
  // From the lowest up: below it is the axis.
  let last = Number.POSITIVE_INFINITY;
  const labels = ends
    .sort((a, b) => at(b) - at(a))
    .map((end) => {
      last = Math.min(at(end), last - BETWEEN_LABELS);
      const place = { textAnchor: "start", dx: 6, dy: last - at(end) } as const;
      return Plot.text([end], { x: "size", y: "rate", text: "name", fill: "name", ...place });
    });
  const chart = plot(labels);
  chart.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  writeFileSync(join(out, `${name}.svg`), `${chart.outerHTML}\n`);
  console.log(join(out, `${name}.svg`));
}

/** 1, 2 and 5 times powers of ten between the least and the largest, or the powers alone where those are many. */
function ticksOf(rates: readonly number[]): readonly number[] {
  const [least, largest] = [Math.min(...rates), Math.max(...rates)];
  const powers = Array.from({ length: 12 }, (_, i) => 10 ** i);
  const all = powers.flatMap((power) => [power, 2 * power, 5 * power]);
  const within = (ticks: readonly number[]) => ticks.filter((tick) => tick >= least && tick <= largest);
  return within(all).length > 6 ? within(powers) : within(all);
}
