/**
 * `pnpm bench:screen <model folder> [--out screen] [--steps 16] [--limit 60] [--only <text>] [--confirm <cell>]`: what a small
 * real model can be taught on a laptop. Each cell is a task, a layout and a temperature of the retry, and settings: one seed
 * and about ten minutes on two cores for a model of 135 million weights. `--confirm` runs one cell with three seeds, and with
 * random rewards.
 *
 * The table is printed and written to `<out>/table.md` after each cell. A cell that is there is not run again, and one that
 * was interrupted is gone on with. Build first.
 *
 * A cell is of worth only where `after` beats every control after training: above all `fresh`, an attempt at the
 * retry's own temperature without any reflection.
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
    only: { type: "string", default: "" },
    confirm: { type: "string" },
  },
});
const [model] = positionals;
if (model === undefined) throw new Error("usage: pnpm bench:screen <model folder>");
const out = resolve(values.out);
mkdirSync(out, { recursive: true });
const rrr = fileURLToPath(new URL("../packages/cli/bin/rrr.js", import.meta.url));
const json = fileURLToPath(new URL("real-model/people-task.ts", import.meta.url));

const ways = {
  "conversation, sampled": ["--retry-layout", "conversation", "--retry-temperature", "1"],
  "conversation, greedy": ["--retry-layout", "conversation", "--retry-temperature", "0"],
  "note, sampled": ["--retry-layout", "note", "--retry-temperature", "1"],
  "note, greedy": ["--retry-layout", "note", "--retry-temperature", "0"],
};
/** Too few for some retries: a share of them is cut off in every cell alike. */
const json96 = ["--max-tokens-attempt", "96", "--max-tokens-reflection", "48", "--max-tokens-retry", "96"];
const short = ["--max-tokens-attempt", "160", "--max-tokens-reflection", "48", "--max-tokens-retry", "160"];
const CELLS: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    Object.entries(ways).map(([way, flags]) => [`json, ${way}`, [json, ...flags, ...json96]]),
  ),
  ...Object.fromEntries(
    Object.entries(ways).map(([way, flags]) => [
      `function calling, ${way}`,
      ["function-calling", "--preset", "small", ...flags, ...short],
    ]),
  ),
  "countdown, note, sampled": ["countdown", "--preset", "small", ...ways["note, sampled"], ...short],
  "countdown, note, greedy": ["countdown", "--preset", "small", ...ways["note, greedy"], ...short],
  "json, note, sampled, rate 1e-4": [json, ...ways["note, sampled"], ...json96, "--learning-rate", "1e-4"],
  "json, note, sampled, Dr. GRPO": [json, ...ways["note, sampled"], ...json96, "--normalization", "dr_grpo"],
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

for (const { name, flags, seed } of cells) {
  const folder = join(out, `${name.replace(/[^a-z0-9-]+/gi, "-")}-${seed}`);
  if (!existsSync(join(folder, "result.json"))) {
    // A screen is what finds out whether there is something to learn: --force.
    const size = [
      "--lora",
      "16",
      "--steps",
      values.steps,
      "--limit",
      values.limit,
      "--keep-best",
      "0",
      "--force",
    ];
    const [task = "", ...others] = flags;
    const args = existsSync(join(folder, "run.db"))
      ? ["resume", folder]
      : ["run", task, "--model", resolve(model), ...size, ...others, "--seed", `${seed}`, "--out", folder];
    console.error(`\n${name}, seed ${seed}`);
    const { status, signal } = spawnSync(process.execPath, ["--import", "tsx", rrr, ...args, "--quiet"], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    if (signal !== null || status === 130) process.exit(130);
    if (status !== 0) console.error(`${name}, seed ${seed}: ended with ${status}`);
  }
  writeFileSync(join(out, "table.md"), table());
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

interface Rate {
  readonly value: number;
}
type Rates = Readonly<Record<string, Rate | undefined>>;

/** Cells that came to no result say so: a model that never passes at all is not trained. */
function table(): string {
  const measures = ["first", "after", "blind", "fresh", "donor", "passAt2", "matched"];
  const rows = cells.map(({ name, seed }) => {
    const file = join(out, `${name.replace(/[^a-z0-9-]+/gi, "-")}-${seed}`, "result.json");
    if (!existsSync(file)) return `| ${name} | ${seed} |${" – |".repeat(measures.length)}`;
    const { before, after } = JSON.parse(readFileSync(file, "utf8")) as Record<
      string,
      { readonly rates: Rates } | null
    >;
    const percent = (rates: Rates | undefined, measure: string): string =>
      rates?.[measure] === undefined ? "–" : (100 * (rates[measure] as Rate).value).toFixed(1);
    const figures = measures.map(
      (measure) => `${percent(before?.rates, measure)} → ${percent(after?.rates, measure)}`,
    );
    return `| ${name} | ${seed} | ${figures.join(" | ")} |`;
  });
  const head = `| cell | seed | ${measures.join(" | ")} |\n|---|---|${"---|".repeat(measures.length)}`;
  return `${head}\n${rows.join("\n")}\n`;
}
