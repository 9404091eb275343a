/**
 * `pnpm test:cluster [--env <folder>] [--only suite,resume,learn,drops,split] [--drops 10] [--json]`: the engine `tinker` before a server that is not ours. Installs
 * SkyRL from PyPI (6 GB, into `--env`, where it stays, or into a scratch folder), starts it on the built-in model, and asks:
 *
 *   suite   is the conformance suite without findings?
 *   resume  how far from what it was is a step after the state before it was loaded?
 *   learn   does Reflect, Retry, Reward learn?
 *   drops   do connections that break change a step?
 *   split   are rewards and gradients the same where the model is split over two processes?
 *
 * Needs uv and Python 3.12; skips where they are not there. About six minutes on two cores. By hand: CI has neither.
 */
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { builtinModelDir } from "@rrr/builtin-model";
import { messageOf } from "@rrr/core";
import { createTinkerEngine } from "@rrr/engine-tinker";
import { type Engine, loadTokenizer } from "@rrr/trainer";
import { testEngine } from "@rrr/trainer/testing";
import { createFaultProxy } from "../packages/engine-tinker/test/fault-proxy.ts";
import { type Learned, learnCountdown } from "./cluster/learn.ts";
import { findTools, install, PACKAGES, prepareModel, type SkyRL, startSkyRL } from "./cluster/skyrl.ts";
import { dropping, resumedApart, stepsOf } from "./cluster/steps.ts";
import { scratchFolder } from "./servers/scratch.ts";

/** Of Adam. 1e-3, the suite's own, overshoots with an adapter of scale 1. */
const SUITE_RATE = 1e-4;

const { values } = parseArgs({
  options: {
    env: { type: "string" },
    only: { type: "string", default: "suite,resume,learn,drops,split" },
    drops: { type: "string", default: "10" },
    steps: { type: "string", default: "12" },
    json: { type: "boolean", default: false },
  },
});
const asked = new Set(values.only.split(","));
const [drops, steps] = [values.drops, values.steps].map(Number) as [number, number];

const tools = findTools();
if ("missing" in tools) {
  console.log(`skipped: this needs ${tools.missing}`);
  process.exit(0);
}
const scratch = scratchFolder("cluster");
const failed: string[] = [];
const figures: Record<string, unknown> = { packages: PACKAGES };

const env = values.env === undefined ? join(scratch, "env") : resolve(values.env);
say(`${PACKAGES.join(", ")} in ${env}`);
install(env, tools.python);
const model = join(scratch, "model");
await prepareModel(builtinModelDir("countdown"), model);
const tokenizer = await loadTokenizer(model);
const open = (baseUrl: string): Promise<Engine> =>
  createTinkerEngine({ baseUrl, model, folder: model, tokenizer, rank: 32, dialect: "protobuf" });
const on = async <Result>(url: string, work: (engine: Engine) => Promise<Result>): Promise<Result> => {
  const engine = await open(url);
  try {
    return await work(engine);
  } finally {
    await engine.close();
  }
};

const server = (processes: 1 | 2): Promise<SkyRL> =>
  timed(`${processes} process${processes === 1 ? "" : "es"} started`, () =>
    startSkyRL(env, model, scratch, processes),
  );
const learn = (url: string, size: { steps: number; problems: number }): Promise<Learned> =>
  timed(`${size.steps} steps of training`, () => on(url, (engine) => learnCountdown(engine, size)));

const one = await server(1);
if (asked.has("suite")) {
  const suite = await timed("the conformance suite", () =>
    testEngine(() => open(one.url), { learningRate: SUITE_RATE, stateWithin: 1e-5 }),
  );
  figures.suite = suite;
  expect("the conformance suite has findings", suite.findings.length === 0, suite.findings);
}
if (asked.has("resume")) {
  const apart = await timed("a step, and the same after a state was loaded", () => on(one.url, resumedApart));
  figures.resumedApart = apart;
  say(`log-probabilities are at most ${apart.toExponential(1)} apart`);
  expect("a state that is loaded goes on otherwise", apart < 1e-4, apart);
}
if (asked.has("learn")) {
  const learned = await learn(one.url, { steps, problems: 150 });
  figures.learned = learned;
  say(JSON.stringify({ before: learned.before, after: learned.after }));
  expect("training did not raise what passes after reflection", hasRisen(learned), learned);
}
if (asked.has("drops")) {
  const plain = await timed("6 steps", () => on(one.url, (engine) => stepsOf(engine, 6)));
  const proxy = await createFaultProxy(one.url, dropping(drops));
  const disturbed = await timed(`6 steps, and ${drops} connections that break`, () =>
    on(proxy.url, (engine) => stepsOf(engine, 6)),
  );
  await proxy.close();
  figures.faults = proxy.faults;
  expect("not all of the connections broke", proxy.faults.length === drops, proxy.faults);
  expect("connections that broke changed a step", same(plain, disturbed), { plain, disturbed });
}
if (asked.has("split")) {
  const size = { steps: 4, problems: 0 };
  const whole = await learn(one.url, size);
  await one.close();
  const two = await server(2);
  try {
    const split = await learn(two.url, size);
    figures.split = { whole, split };
    expect("two processes make other steps than one", isAlike(whole, split), { whole, split });
  } catch (error) {
    expect("two processes failed", false, messageOf(error).slice(0, 200));
  }
  await two.close();
}
await one.close();

if (values.json) console.log(JSON.stringify({ ...figures, failed }));
else console.log(failed.length === 0 ? "all as it should be" : `failed: ${failed.join("; ")}`);
if (failed.length > 0) process.exitCode = 1;

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

async function timed<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
  const start = performance.now();
  say(`${what} …`);
  const result = await work();
  say(`${what}: ${((performance.now() - start) / 1000).toFixed(0)} s`);
  return result;
}

function expect(otherwise: string, holds: boolean, seen: unknown): void {
  if (holds) return;
  failed.push(otherwise);
  say(`FAILED: ${otherwise}: ${JSON.stringify(seen)}`);
}

function hasRisen({ before, after }: Learned): boolean {
  return (after?.afterReflection ?? 0) > (before?.afterReflection ?? 1);
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** The same rewards, and gradients of the same norm: what is added in another order differs by rounding. */
function isAlike(whole: Learned, split: Learned): boolean {
  return split.steps.every(({ passRate, gradNorm }, i) => {
    const other = whole.steps[i];
    return other?.passRate === passRate && Math.abs(other.gradNorm / gradNorm - 1) < 1e-3;
  });
}
