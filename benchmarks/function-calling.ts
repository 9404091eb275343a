/**
 * `pnpm bench:function-calling [--n <fuzzed outputs>] [--json]`: what the function-call verifier must reach.
 *
 * Times are processor time, so that a busy machine does not count; in a short run, the compiler's own share of them
 * is large. Mutations and right answers are a tenth of the outputs each, schemas a hundredth.
 */
import { parseArgs } from "node:util";
import {
  findAccepted,
  findRefused,
  measureSchemas,
  measureSpeed,
  timeFuzzed,
} from "../packages/task-function-calling/test/checks.ts";

const { values } = parseArgs({
  options: { n: { type: "string", default: "1000000" }, json: { type: "boolean", default: false } },
});
const n = Number(values.n);
if (!Number.isSafeInteger(n) || n < 100) throw new Error(`--n must be a whole number ≥ 100, got ${values.n}`);

const [tenth, schemas] = [Math.floor(n / 10), Math.floor(n / 100)];
const schemasMB = measureSchemas(schemas, report("schemas", schemas));
const verdictsPerSecond = measureSpeed(20_000, 0);
const refused = findRefused(tenth, 0, report("right answers", tenth));
const accepted = findAccepted(tenth, 0, report("mutations", tenth));
const times = timeFuzzed(n, 0, report("fuzzed outputs", n));
process.stderr.write("\n");

const results = {
  right: tenth,
  refused: refused.length,
  mutations: tenth,
  accepted: accepted.length,
  fuzzed: n,
  worstMs: times.at(-1) as number,
  p999Ms: times[Math.floor(n * 0.999)] as number,
  schemas,
  schemasMB,
  verdictsPerSecond,
};

if (values.json) console.log(JSON.stringify(results));
else {
  const whole = (value: number): string => Math.round(value).toLocaleString("en");
  const rows: readonly (readonly [string, string, string])[] = [
    ["right answers refused", whole(results.refused), `of ${whole(tenth)}; wanted: 0`],
    ["mutations accepted", whole(results.accepted), `of ${whole(tenth)}; wanted: 0`],
    ["fuzzed outputs, worst", `${results.worstMs.toFixed(2)} ms`, `of ${whole(n)}; wanted: 50 ms`],
    ["fuzzed outputs, p99.9", `${results.p999Ms.toFixed(2)} ms`, "wanted: 1 ms"],
    ["distinct tool schemas", `${results.schemasMB.toFixed(1)} MB`, `of ${whole(schemas)}; wanted: 100 MB`],
    ["verdicts", `${whole(results.verdictsPerSecond)}/s`, "right answers, one to three calls"],
  ];
  for (const [name, value, note] of rows) console.log(`${name.padEnd(32)}${value.padStart(14)}   ${note}`);
}
for (const text of [...refused, ...accepted].slice(0, 10)) console.error(`wrong: ${text}`);
if (refused.length + accepted.length > 0) process.exitCode = 1;

/** Progress, on one line of stderr. */
function report(what: string, of: number): (done: number) => void {
  return (done) => process.stderr.write(`\r${what}: ${done} of ${of}`.padEnd(50));
}
