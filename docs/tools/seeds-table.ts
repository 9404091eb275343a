/**
 * Means over runs with different seeds, with Student's 95 % intervals, as a Markdown table:
 *
 *     npx tsx docs/tools/seeds-table.ts runs/seed-?/result.json
 */
import { readFileSync } from "node:fs";
import { meanInterval } from "@rrr/core";

type Rates = Readonly<Record<string, { readonly value: number } | undefined>>;

interface Result {
  readonly seed: number;
  readonly before: { readonly rates: Rates };
  readonly after: { readonly rates: Rates };
}

const results = process.argv.slice(2).map((file): Result => JSON.parse(readFileSync(file, "utf8")));
if (results.length < 2)
  throw new Error("usage: npx tsx docs/tools/seeds-table.ts two or more result.json files");

function mean(values: readonly (number | undefined)[]): string {
  const interval = meanInterval(values.filter((value) => value !== undefined).map((value) => 100 * value));
  if (interval === undefined) return "–";
  const { value, low, high } = interval;
  return `${value.toFixed(1)} [${low.toFixed(1)}, ${high.toFixed(1)}]`;
}

const rate = (rates: Rates, measure: string): number | undefined => rates[measure]?.value;
const difference = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : a - b;

console.log(`Seeds ${results.map(({ seed }) => seed).join(", ")}.\n`);
console.log("| measure | before | after | rise |\n|---|---|---|---|");
for (const measure of Object.keys(results[0]?.before.rates ?? {})) {
  const before = results.map((result) => rate(result.before.rates, measure));
  const after = results.map((result) => rate(result.after.rates, measure));
  const rise = after.map((value, i) => difference(value, before[i]));
  console.log(`| \`${measure}\` | ${mean(before)} | ${mean(after)} | ${mean(rise)} |`);
}
console.log("\n| after training, `after` less | points |\n|---|---|");
for (const control of ["blind", "fresh", "donor", "passAt2", "matched"]) {
  if (!results.some(({ after }) => control in after.rates)) continue;
  const lead = results.map(({ after }) => difference(rate(after.rates, "after"), rate(after.rates, control)));
  console.log(`| \`${control}\` | ${mean(lead)} |`);
}
