/**
 * `pnpm bench:countdown [--n <expressions>] [--json]`: what the Countdown verifier must reach.
 *
 * Times are processor time, so that a busy machine does not count; in a short run, the compiler's own share of them
 * is large. Mutations are a tenth of the expressions.
 */
import { parseArgs } from "node:util";
import { findAccepted, findDisagreements, timeFuzzed } from "../packages/task-countdown/test/checks.ts";
import { measureSpeed } from "../packages/task-countdown/test/speed.ts";

const { values } = parseArgs({
  options: { n: { type: "string", default: "1000000" }, json: { type: "boolean", default: false } },
});
const n = Number(values.n);
if (!Number.isSafeInteger(n) || n < 10) throw new Error(`--n must be a whole number ≥ 10, got ${values.n}`);

const speed = measureSpeed(20_000, 0);
const mutations = Math.floor(n / 10);
const disagreements = findDisagreements(n, 0, report("expressions", n));
const accepted = findAccepted(mutations, 0, report("mutations", mutations));
const times = timeFuzzed(n, 0, report("fuzzed outputs", n));
process.stderr.write("\n");

const results = {
  expressions: n,
  disagreements: disagreements.length,
  mutations,
  accepted: accepted.length,
  fuzzed: n,
  worstMs: times.at(-1) as number,
  p999Ms: times[Math.floor(n * 0.999)] as number,
  ...speed,
  timesMathjs: speed.verdictsPerSecond / speed.mathjsPerSecond,
};

if (values.json) console.log(JSON.stringify(results));
else {
  const whole = (value: number): string => Math.round(value).toLocaleString("en");
  const rows: readonly (readonly [string, string, string])[] = [
    ["disagreements with the oracle", whole(results.disagreements), `of ${whole(n)}; wanted: 0`],
    ["mutations accepted", whole(results.accepted), `of ${whole(mutations)}; wanted: 0`],
    ["fuzzed outputs, worst", `${results.worstMs.toFixed(2)} ms`, `of ${whole(n)}; wanted: 50 ms`],
    ["fuzzed outputs, p99.9", `${results.p999Ms.toFixed(2)} ms`, "wanted: 1 ms"],
    ["verdicts", `${whole(results.verdictsPerSecond)}/s`, "wanted: 250,000/s"],
    ["mathjs.parse alone", `${whole(results.mathjsPerSecond)}/s`, ""],
    ["verdicts per mathjs.parse", results.timesMathjs.toFixed(1), ""],
  ];
  for (const [name, value, note] of rows) console.log(`${name.padEnd(32)}${value.padStart(14)}   ${note}`);
}
for (const text of [...disagreements, ...accepted].slice(0, 10)) console.error(`wrong: ${text}`);
if (disagreements.length + accepted.length > 0) process.exitCode = 1;

/** Progress, on one line of stderr. */
function report(what: string, of: number): (done: number) => void {
  return (done) => process.stderr.write(`\r${what}: ${done} of ${of}`.padEnd(50));
}
