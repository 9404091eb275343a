/**
 * `pnpm bench:screen <model folder> [--out screen] [--steps 16] [--limit 60] [--failures-per-step 8] [--only <text>] [--confirm <cell>]`: what a small
 * real model can be taught on a laptop. Each cell is a task, a layout and a temperature of the retry, and settings: one seed
 * and about ten minutes on two cores for a model of 135 million weights. `--confirm` runs one cell with three seeds, and with
 * random rewards.
 *
 * The table is printed and written to `<out>/table.md`, or `confirmed.md`, after each cell. A cell that is there is not run again, and one that
 * was interrupted is gone on with. Build first.
 *
 * A cell is of worth only where `after` beats every control after training: above all `fresh`, an attempt at the
 * retry's own temperature without any reflection. `--table` prints what there is, and runs nothing.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: "string", default: "screen" },
    steps: { type: "string", default: "16" },
    limit: { type: "string", default: "60" },
    "failures-per-step": { type: "string", default: "8" },
    only: { type: "string", default: "" },
    confirm: { type: "string" },
    table: { type: "boolean", default: false },
  },
});
const [model] = positionals;
if (model === undefined && !values.table) throw new Error("usage: pnpm bench:screen <model folder>");
const out = resolve(values.out);
mkdirSync(out, { recursive: true });
const rrr = fileURLToPath(new URL("../packages/cli/bin/rrr.js", import.meta.url));
const json = fileURLToPath(new URL("real-model/people-task.ts", import.meta.url));

const note = ["--retry-layout", "note"];
const conversation = ["--retry-layout", "conversation"];
const greedy = ["--retry-temperature", "0"];
const sampled = ["--retry-temperature", "1"];
const people = [
  json,
  "--max-tokens-attempt",
  "64",
  "--max-tokens-reflection",
  "32",
  "--max-tokens-retry",
  "64",
];
const long = ["--max-tokens-attempt", "160", "--max-tokens-reflection", "48", "--max-tokens-retry", "160"];
const calls = ["function-calling", "--preset", "small", ...long];
const countdown = ["countdown", "--preset", "small", ...long];

/** The most promising first. */
const CELLS: Readonly<Record<string, readonly string[]>> = {
  "json, note, greedy": [...people, ...note, ...greedy],
  "json, note, sampled": [...people, ...note, ...sampled],
  "json, conversation, greedy": [...people, ...conversation, ...greedy],
  "json, note, greedy, rate 1e-4": [...people, ...note, ...greedy, "--learning-rate", "1e-4"],
  "function calling, note, greedy": [...calls, ...note, ...greedy],
  "countdown, note, greedy": [...countdown, ...note, ...greedy],
  "json, note, greedy, Dr. GRPO": [...people, ...note, ...greedy, "--normalization", "dr_grpo"],
  "json, conversation, sampled": [...people, ...conversation, ...sampled],
  "function calling, conversation, greedy": [...calls, ...conversation, ...greedy],
  "function calling, note, sampled": [...calls, ...note, ...sampled],
  "countdown, note, sampled": [...countdown, ...note, ...sampled],
  "countdown, conversation, greedy": [...countdown, ...conversation, ...greedy],
};

interface Cell {
  readonly name: string;
  readonly flags: readonly string[];
  readonly seed: number;
}

const cells: readonly Cell[] =
  values.confirm === undefined
    ? Object.entries(CELLS)
        .filter(([name]) => name.includes(values.only))
        .map(([name, flags]) => ({ name, flags, seed: 0 }))
    : confirmed(values.confirm);

for (const { name, flags, seed } of values.table ? [] : cells) {
  const folder = folderOf({ name, seed });
  if (!existsSync(join(folder, "result.json"))) {
    // A screen is what finds out whether there is something to learn: --force.
    const size = [
      "--lora",
      "16",
      "--steps",
      values.steps,
      "--limit",
      values.limit,
      "--failures-per-step",
      values["failures-per-step"],
      "--keep-best",
      "0",
      "--force",
    ];
    const [task = "", ...others] = flags;
    const args = existsSync(join(folder, "run.db"))
      ? ["resume", folder]
      : [
          "run",
          task,
          "--model",
          resolve(model ?? ""),
          ...size,
          ...others,
          "--seed",
          `${seed}`,
          "--out",
          folder,
        ];
    console.error(`\n${name}, seed ${seed}`);
    const { status, signal } = spawnSync(process.execPath, ["--import", "tsx", rrr, ...args, "--quiet"], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    if (signal !== null || status === 130) process.exit(130);
    if (status !== 0) console.error(`${name}, seed ${seed}: ended with ${status}`);
  }
  writeFileSync(join(out, values.confirm === undefined ? "table.md" : "confirmed.md"), table());
}
console.log(table());

function confirmed(name: string): readonly Cell[] {
  const flags = CELLS[name];
  if (flags === undefined) throw new Error(`there is no cell ${name}: ${Object.keys(CELLS).join("; ")}`);
  return [
    ...[0, 1, 2].map((seed) => ({ name, flags, seed })),
    { name: `${name}, random rewards`, flags: [...flags, "--reward", "random"], seed: 0 },
  ];
}

function folderOf({ name, seed }: Pick<Cell, "name" | "seed">): string {
  return join(out, `${name.replace(/[^a-z0-9-]+/gi, "-")}-${seed}`);
}

interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}
interface Stage {
  readonly problems: number;
  readonly rates: Readonly<Record<string, Interval | undefined>>;
  readonly answers: Readonly<Record<string, { readonly answers: number; readonly cut: number } | undefined>>;
}
interface Outcome {
  readonly steps: number;
  readonly before: Stage;
  readonly after: Stage;
  /** Of the last evaluation. */
  readonly overControls: Readonly<Record<string, { readonly difference: Interval; readonly p: number }>>;
}

/** What each cell came to, before training → after it; where it came to nothing, it says so. */
function table(): string {
  const rows = cells.map(({ name, seed }) => {
    const file = join(folderOf({ name, seed }), "result.json");
    if (!existsSync(file)) return `| ${name} | ${seed} | no result |${" |".repeat(6)}`;
    const { steps, before, after, overControls } = JSON.parse(readFileSync(file, "utf8")) as Outcome;
    const share = (measure: string): string =>
      [before, after].map(({ rates }) => percent(rates[measure])).join(" → ");
    // The same conditions without the failed attempt are `fresh`, with it `blind`.
    const control = after.rates.fresh === undefined ? "blind" : "fresh";
    const least = Object.entries(overControls).sort(
      ([, a], [, b]) => a.difference.value - b.difference.value,
    )[0];
    const { answers: retries = 0, cut = 0 } = after.answers.retry ?? {};
    const figures = [name, seed, steps, after.problems, share("first"), share("after"), share(control)];
    return `| ${[...figures, lead(least), `${cut} of ${retries}`].join(" | ")} |`;
  });
  const head = [
    "cell",
    "seed",
    "steps",
    "problems",
    "first try",
    "after reflection",
    "the same without a reflection",
    "lead over the best control, after training",
    "retries cut off",
  ];
  return `| ${head.join(" | ")} |\n|${"---|".repeat(head.length)}\n${rows.join("\n")}\n`;
}

function lead(least?: readonly [control: string, Outcome["overControls"][string]]): string {
  if (least === undefined) return "–";
  const [control, { difference, p }] = least;
  const [value, low, high] = [difference.value, difference.low, difference.high].map(
    (part) => `${part < 0 ? "−" : "+"}${Math.abs(100 * part).toFixed(1)}`,
  );
  return `${value} (${low} to ${high}), ${p < 0.001 ? "p < 0.001" : `p = ${p.toFixed(3)}`}, ${control}`;
}

function percent(share: Interval | undefined): string {
  if (share === undefined) return "–";
  const [value, low, high] = [share.value, share.low, share.high].map((part) => (100 * part).toFixed(1));
  return `${value} (${low}–${high})`;
}
