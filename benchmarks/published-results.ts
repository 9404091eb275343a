/**
 * `pnpm bench:published --results <folder> [--before <checkout>] [--models a,b] [--venv <folder>] [--json]`:
 * what models really wrote for BFCL, judged here, by an earlier checkout of this repository, and by the leaderboard's own
 * decoder and checker. The folder has a folder a model, as
 * https://github.com/HuanzhiMao/BFCL-Result has them below a date's `result`. Nothing of them is part of this repository.
 */
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { readCalls } from "../packages/task-function-calling/src/index.ts";
import type { FunctionCallItem } from "../packages/task-function-calling/src/item.ts";
import { loadBfcl } from "../packages/task-function-calling/src/load/load-bfcl.ts";
import { findTool } from "../packages/task-function-calling/src/match/bfcl/find-tool.ts";
import { toolsShown } from "../packages/task-function-calling/src/tools-shown.ts";
import { verifyFunctionCalls } from "../packages/task-function-calling/src/verify.ts";
import { openLeaderboard, VERSION } from "./bfcl-parity/leaderboard.ts";
import { type PublishedRow, readResults } from "./published-results/read-results.ts";

const { values } = parseArgs({
  options: {
    results: { type: "string" },
    before: { type: "string" },
    models: { type: "string" },
    venv: { type: "string", default: join(tmpdir(), `bfcl-eval-${VERSION}`) },
    json: { type: "boolean", default: false },
  },
});
if (values.results === undefined) throw new Error("give a folder of results: --results <folder>");
/** Of one turn, judged by the rules for Python; irrelevance came later than the checkout before may be. */
const CATEGORIES = ["simple_python", "multiple", "parallel", "parallel_multiple", "irrelevance"];

interface Judged extends PublishedRow {
  readonly syntax: string;
  readonly before: boolean | undefined;
  readonly here: boolean;
  readonly detail: string;
  readonly there: boolean;
  readonly isDecoded: boolean;
}

type Judge = (item: FunctionCallItem, text: string, options: { mode: "bfcl" }) => { readonly kind: string };
interface Checkout {
  readonly items: ReadonlyMap<string, readonly FunctionCallItem[]>;
  readonly verify: Judge;
}

const leaderboard = openLeaderboard(values.venv);
const here = await checkout(loadBfcl, verifyFunctionCalls);
const before = values.before === undefined ? undefined : await openCheckout(values.before);
const judged = await judgeAll();
if (values.json) for (const each of judged) console.log(JSON.stringify(each));
else report();

async function openCheckout(folder: string): Promise<Checkout> {
  const source = (file: string): string =>
    pathToFileURL(join(folder, "packages/task-function-calling/src", file)).href;
  const loader = (await import(source("load/load-bfcl.ts"))) as { readonly loadBfcl: typeof loadBfcl };
  const verifier = (await import(source("verify.ts"))) as { readonly verifyFunctionCalls: Judge };
  return checkout(loader.loadBfcl, verifier.verifyFunctionCalls);
}

async function checkout(load: typeof loadBfcl, verify: Judge): Promise<Checkout> {
  const items = new Map<string, readonly FunctionCallItem[]>();
  for (const category of CATEGORIES) {
    const all: FunctionCallItem[] = [];
    try {
      for await (const item of load(join(leaderboard.data, `BFCL_v4_${category}.json`))) all.push(item);
    } catch (error) {
      // Irrelevance has no answers, which the checkout before may ask for.
      if (category !== "irrelevance") throw error;
    }
    items.set(category, all);
  }
  return { items, verify };
}

async function judgeAll(): Promise<readonly Judged[]> {
  const wanted = values.models?.split(",");
  const rows = [...readResults(values.results as string, CATEGORIES)].filter(
    ({ model, category, at }) =>
      (wanted?.includes(model) ?? true) && here.items.get(category)?.[at] !== undefined,
  );
  const found: Judged[] = [];
  for await (const answer of leaderboard.judge(rows.map(toCase))) {
    const row = rows[found.length] as PublishedRow;
    const item = itemOf(here, row) as FunctionCallItem;
    const text = toText(row.output);
    const verdict = verifyFunctionCalls(item, text, { mode: "bfcl" });
    const earlier = before && itemOf(before, row);
    found.push({
      ...row,
      syntax: typeof row.output === "string" ? syntaxOf(item, text) : "calls of an API",
      before: earlier && before.verify(earlier, text, { mode: "bfcl" }).kind === "pass",
      here: verdict.kind === "pass",
      detail: verdict.kind === "fail" ? `${verdict.code}: ${verdict.detail ?? ""}` : verdict.kind,
      there: "valid" in answer && answer.valid,
      isDecoded: !("valid" in answer && answer.error === "decoder"),
    });
  }
  return found;
}

/** What an API gave as calls, as a run keeps it: result files have `{name: arguments}`, and texts where it only spoke. */
function toText(output: PublishedRow["output"]): string {
  if (typeof output === "string") return output;
  const calls = output.flatMap((each) =>
    typeof each === "object" && each !== null ? Object.entries(each) : [],
  );
  if (calls.length === 0) return output.filter((each) => typeof each === "string").join("\n");
  return JSON.stringify(calls.map(([name, given]) => ({ name, arguments: given })));
}

function itemOf({ items }: Checkout, { category, at }: PublishedRow): FunctionCallItem | undefined {
  return items.get(category)?.[at];
}

function toCase(row: PublishedRow): string {
  const { tools, expected } = itemOf(here, row) as FunctionCallItem;
  const rest = { functions: tools, language: "python", category: row.category, output: row.output };
  return `${JSON.stringify(rest).slice(0, -1)}, "answer": ${expected}}`;
}

function syntaxOf(item: FunctionCallItem, text: string): string {
  const nameOf = (name: string): string | undefined => findTool(name, item.tools)?.name;
  const reading = readCalls(text, { tools: toolsShown(item), wholePython: true, nameOf });
  if (reading.kind === "calls") return reading.syntax;
  return reading.code === "no-call" ? "no call" : "malformed";
}

function report(): void {
  const models = new Set(judged.map(({ model }) => model));
  console.log(`bfcl-eval ${VERSION}; ${judged.length} outputs of ${models.size} models\n`);
  console.log("syntax           outputs   before    here");
  const wanted = judged.filter(({ category }) => category !== "irrelevance");
  for (const syntax of new Set(wanted.map(({ syntax }) => syntax))) {
    const rows = wanted.filter((row) => row.syntax === syntax);
    console.log(`${syntax.padEnd(16)} ${count(rows)} ${count(rows, "before")} ${count(rows, "here")}`);
  }
  console.log(
    "\nOutputs that the leaderboard's default decoder is for: lists of an API, and models of which it reads half.",
  );
  console.log("outputs    here   there  here only  there only  model");
  for (const model of models) {
    const rows = judged.filter((row) => row.model === model);
    const asked = rows.filter(({ category }) => category !== "irrelevance");
    const told = asked.filter(({ isDecoded }) => isDecoded).length * 2 >= asked.length;
    const [hereOnly, thereOnly] = differences(rows);
    const differ = told ? [count(rows, "there"), count(hereOnly), count(thereOnly)] : ["       –", "", ""];
    console.log(`${count(rows)} ${count(rows, "here")} ${differ.join("  ")}  ${model}`);
  }
}

function differences(rows: readonly Judged[]): readonly [readonly Judged[], readonly Judged[]] {
  const differ = rows.filter((row) => row.here !== row.there);
  return [differ.filter((row) => row.here), differ.filter((row) => row.there)];
}

function count(rows: readonly Judged[] | undefined, by?: "before" | "here" | "there"): string {
  const counted = by === undefined ? rows : rows?.filter((row) => row[by]);
  return String(counted?.length ?? 0).padStart(7);
}
