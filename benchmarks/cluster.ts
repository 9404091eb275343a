/**
 * `pnpm test:cluster [--env <folder>] [--drops 10] [--json]`: the engine `tinker` before a server that is not ours. Installs
 * SkyRL from PyPI (6 GB, into `--env`, where it stays, or into a scratch folder), starts it on the built-in model, and asks:
 *
 *   1. is the conformance suite without findings?
 *   2. does Reflect, Retry, Reward learn?
 *   3. do connections that break change a step?
 *   4. are rewards and gradients the same where the model is split over two processes?
 *
 * Needs uv and Python 3.12; skips where they are not there. About six minutes on two cores. By hand: CI has neither.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { builtinModelDir } from "@rrr/builtin-model";
import { createTinkerEngine } from "@rrr/engine-tinker";
import { type Engine, loadTokenizer } from "@rrr/trainer";
import { testEngine } from "@rrr/trainer/testing";
import { createFaultProxy } from "../packages/engine-tinker/test/fault-proxy.ts";
import { type Learned, learnCountdown } from "./cluster/learn.ts";
import { findTools, install, PACKAGES, prepareModel, startSkyRL } from "./cluster/skyrl.ts";
import { dropping, stepsOf } from "./cluster/steps.ts";

/** Of Adam. 1e-3, the suite's own, overshoots with an adapter of scale 1. */
const SUITE_RATE = 1e-4;

const { values } = parseArgs({
  options: {
    env: { type: "string" },
    drops: { type: "string", default: "10" },
    steps: { type: "string", default: "12" },
    json: { type: "boolean", default: false },
  },
});
const [drops, steps] = [values.drops, values.steps].map(Number) as [number, number];

const tools = findTools();
if ("missing" in tools) {
  console.log(`skipped: this needs ${tools.missing}`);
  process.exit(0);
}
const scratch = await mkdtemp(join(tmpdir(), "rrr-cluster-"));
process.once("SIGINT", () => process.exit(130));
const failed: string[] = [];
const figures: Record<string, unknown> = { packages: PACKAGES };

try {
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

  const one = await timed("one process starts", () => startSkyRL(env, model, scratch));
  const suite = await timed("the conformance suite", () =>
    testEngine(() => open(one.url), { learningRate: SUITE_RATE }),
  );
  figures.findings = suite.findings;
  figures.untested = suite.untested;
  expect("the conformance suite has findings", suite.findings.length === 0, suite.findings);

  const learned = await timed(`${steps} steps of training`, () =>
    on(one.url, (engine) => learnCountdown(engine, { steps, problems: 150 })),
  );
  figures.learned = learned;
  expect("training did not raise what passes after reflection", hasRisen(learned), learned);

  const plain = await timed("6 steps", () => on(one.url, (engine) => stepsOf(engine, 6)));
  const plan = dropping(drops);
  const proxy = await createFaultProxy(one.url, plan);
  const disturbed = await timed(`6 steps, and ${drops} connections that break`, () =>
    on(proxy.url, (engine) => stepsOf(engine, 6)),
  );
  await proxy.close();
  figures.faults = proxy.faults;
  expect("not all of the connections broke", proxy.faults.length === drops, proxy.faults);
  expect("connections that broke changed a step", same(plain, disturbed), { plain, disturbed });
  await one.close();

  const two = await timed("two processes start", () => startSkyRL(env, model, scratch, 2));
  const split = await timed(`${Math.min(steps, 4)} steps of training on two`, () =>
    on(two.url, (engine) => learnCountdown(engine, { steps: Math.min(steps, 4), problems: 0 })),
  );
  figures.split = split;
  expect("two processes make other steps than one", isAlike(learned, split), { learned, split });
  await two.close();
} finally {
  await rm(scratch, { recursive: true, force: true });
}

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
