/**
 * `pnpm bench:bfcl-parity [--venv <folder>] [--json]`: the mode `bfcl` beside the leaderboard's own checker, on every
 * accepted answer of its data and on changes of it. Needs Python 3.10 and PyPI; the environment lies outside the
 * repository. Fails where the two disagree in a way that the package's README does not list.
 */
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { FunctionCallItem } from "../packages/task-function-calling/src/item.ts";
import type { Json } from "../packages/task-function-calling/src/json/json.ts";
import { toJsonText } from "../packages/task-function-calling/src/load/json-text.ts";
import { loadBfcl } from "../packages/task-function-calling/src/load/load-bfcl.ts";
import { verifyFunctionCalls } from "../packages/task-function-calling/src/verify.ts";
import { CLASS_NAMES, classOf } from "./bfcl-parity/classes.ts";
import { openLeaderboard, VERSION } from "./bfcl-parity/leaderboard.ts";
import { type Output, outputsOf } from "./bfcl-parity/outputs.ts";

const { values } = parseArgs({
  options: {
    venv: { type: "string", default: join(tmpdir(), `bfcl-eval-${VERSION}`) },
    json: { type: "boolean", default: false },
  },
});
const CATEGORIES = [
  "simple_python",
  "simple_java",
  "simple_javascript",
  "multiple",
  "parallel",
  "parallel_multiple",
  "live_simple",
  "live_multiple",
  "live_parallel",
  "live_parallel_multiple",
];
const UNKNOWN = "UNKNOWN";

interface CategoryCounts {
  readonly category: string;
  rows: number;
  outputs: number;
  disagreements: number;
  /** Rows of which the leaderboard, or the verifier here, accepts no rendering of the answer. */
  readonly impossibleThere: string[];
  readonly impossibleHere: string[];
}

interface Asked extends Output {
  readonly item: FunctionCallItem;
  readonly passesHere: boolean;
}

const leaderboard = openLeaderboard(values.venv);
const classes = new Map<string, { count: number; example: string }>();
const counts: CategoryCounts[] = [];
for (const category of CATEGORIES) counts.push(await compare(category));
report();
if (classes.has(UNKNOWN)) process.exitCode = 1;

async function compare(category: string): Promise<CategoryCounts> {
  const asked: Asked[] = [];
  const rows = new Map<string, { here: boolean; there: boolean }>();
  for await (const item of loadBfcl(join(leaderboard.data, `BFCL_v4_${category}.json`))) {
    rows.set(String(item.id), { here: false, there: false });
    for (const output of outputsOf(item)) {
      const text = toJsonText(output.calls.map((call): Json => new Map(Object.entries(call))));
      const passesHere = verifyFunctionCalls(item, text, { mode: "bfcl" }).kind === "pass";
      asked.push({ ...output, item, passesHere });
    }
  }
  const result: CategoryCounts = {
    category,
    rows: rows.size,
    outputs: asked.length,
    disagreements: 0,
    impossibleThere: [],
    impossibleHere: [],
  };
  let at = 0;
  for await (const answer of leaderboard.judge(asked.map((one) => toCase(one, category)))) {
    const one = asked[at++] as Asked;
    const passesThere = "valid" in answer && answer.valid;
    const row = rows.get(String(one.item.id));
    if (row !== undefined && one.passesHere) row.here = true;
    if (row !== undefined && passesThere) row.there = true;
    if (passesThere === one.passesHere) continue;
    result.disagreements++;
    note(classOf(one) ?? UNKNOWN, `${one.item.id}, ${one.kind}: ${callsText(one)}`);
  }
  if (at !== asked.length) throw new Error(`the checker answered ${at} of ${asked.length} cases`);
  for (const [id, { here, there }] of rows) {
    if (!here) result.impossibleHere.push(id);
    if (!there) result.impossibleThere.push(id);
  }
  return result;
}

function note(name: string, example: string): void {
  const known = classes.get(name);
  if (known === undefined) classes.set(name, { count: 1, example });
  else known.count++;
}

function toCase(one: Asked, category: string): string {
  const { tools, expected, rules = "python" } = one.item;
  const rest = JSON.stringify({ functions: tools, language: rules, category });
  return `${rest.slice(0, -1)}, "calls": ${callsText(one)}, "answer": ${expected}}`;
}

function callsText({ calls }: Output): string {
  return toJsonText(calls.map((call): Json => new Map([[call.name, call.arguments]])));
}

function report(): void {
  if (values.json) {
    console.log(JSON.stringify({ version: VERSION, counts, classes: Object.fromEntries(classes) }));
    return;
  }
  console.log(`bfcl-eval ${VERSION}\n`);
  for (const { category, rows, outputs, disagreements, impossibleThere, impossibleHere } of counts) {
    console.log(`${category.padEnd(24)} ${rows} rows, ${outputs} outputs, ${disagreements} judged otherwise`);
    if (impossibleThere.length > 0) console.log(`  nothing passes there: ${impossibleThere.join(", ")}`);
    if (impossibleHere.length > 0) console.log(`  nothing passes here: ${impossibleHere.join(", ")}`);
  }
  console.log();
  for (const name of [...CLASS_NAMES, UNKNOWN]) {
    const { count, example } = classes.get(name) ?? { count: 0, example: "" };
    if (count > 0) console.log(`${String(count).padStart(6)}  ${name}\n        ${example.slice(0, 300)}`);
  }
}
