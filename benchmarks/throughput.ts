/**
 * Requests a second against a local server that answers each after 50 ms, with 256 in flight: the client alone, whole
 * episodes with a verdict, and the same questions under promptfoo and inspect_ai. Ideal is 256 / 50 ms = 5,120 a second.
 * The server's clock counts, from the first request to the last answer, so that nobody's start-up does.
 *
 * What is measured is what users install, so build it first; sources through tsx take half as much again.
 *
 * pnpm build && pnpm bench:throughput [--only client,episodes,memory,promptfoo,inspect] [--waves 200] [--tools DIR] [--in-flight 256] [--json]
 *
 * The others are looked for in DIR, which is best outside of the repository:
 *   npm install --prefix DIR promptfoo node@22
 *   python3 -m venv DIR/inspect && DIR/inspect/bin/pip install inspect_ai openai
 */
import { type ChildProcess, execFile, fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { defineTask, fail, pass, runEpisode, schemaOf } from "@rrr/core";
import { createOpenAIModel } from "@rrr/models";
import type { Traffic } from "./latency-server.ts";

const LATENCY_MS = 50;
const PARTS = ["client", "episodes", "memory", "promptfoo", "inspect"];

const { values } = parseArgs({
  options: {
    only: { type: "string", default: PARTS.join(",") },
    /** Times that all in flight are answered: 200 × 256 are 51,200 requests. */
    waves: { type: "string", default: "200" },
    /** As `waves`, for the others, of which one wave takes longer. */
    "their-waves": { type: "string", default: "20" },
    tools: { type: "string", default: "" },
    "in-flight": { type: "string", default: "256" },
    /** A line of JSON for each, in place of the table. */
    json: { type: "boolean", default: false },
  },
});
const IN_FLIGHT = Number(values["in-flight"]);
const IDEAL = (IN_FLIGHT / LATENCY_MS) * 1000;
const only = values.only.split(",");
const unknown = only.find((part) => !PARTS.includes(part));
if (unknown !== undefined) throw new Error(`--only knows ${PARTS.join(", ")}, not ${unknown}`);
const requests = Number(values.waves) * IN_FLIGHT;
const theirRequests = Number(values["their-waves"]) * IN_FLIGHT;

const server = fork(fileURLToPath(new URL("latency-server.ts", import.meta.url)), [String(LATENCY_MS)]);
const [port] = await once(server, "message");
const baseURL = `http://127.0.0.1:${port}/v1`;
const folder = mkdtempSync(join(tmpdir(), "rrr-throughput-"));
const model = createOpenAIModel({ model: "latency", baseURL, apiKey: "none", concurrency: IN_FLIGHT });

const task = defineTask<number>({
  name: "answers",
  schema: schemaOf((value): value is number => typeof value === "number", "a number"),
  items: () => [],
  prompt: (item) => [{ role: "user", content: question(item) }],
  verify: (_, completion) => (completion.includes("42") ? pass() : fail("wrong")),
});

const askOnce = (seed: number): Promise<unknown> =>
  model.generate(task.prompt(seed), { maxTokens: 64, temperature: 0, seed });
const runOnce = async (seed: number): Promise<void> => {
  const { kind } = await runEpisode(task, model, seed, { seed, temperature: 0 });
  if (kind !== "solved") throw new Error(`an episode came to ${kind}`);
};

try {
  if (!values.json) console.log(`${"".padEnd(22)}requests  a second  of ideal  in flight  CPU µs each`);
  if (only.includes("client")) await report("rrr, client", requests, () => runOurs(askOnce, requests));
  if (only.includes("episodes")) await report("rrr, episodes", requests, () => runOurs(runOnce, requests));
  if (only.includes("promptfoo")) await promptfoo();
  if (only.includes("inspect")) await inspect();
  if (only.includes("memory")) await memory();
} finally {
  await model.close();
  server.kill();
  rmSync(folder, { recursive: true });
}

function question(i: number): string {
  return `Question ${i}: use the numbers 1, 2 and 14, each once, to make 42. Think, then say the answer in one line.`;
}

/** Twice as many at once as may be in flight: as in a run, somebody always waits. */
async function runOurs(once: (seed: number) => Promise<unknown>, count: number): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < count) await once(next++);
  };
  await Promise.all(Array.from({ length: 2 * IN_FLIGHT }, work));
}

async function report(name: string, expected: number, run: () => Promise<unknown>): Promise<void> {
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  const traffic = await trafficOf(server);
  if (traffic.requests !== expected)
    throw new Error(`${name}: ${traffic.requests} requests, not ${expected}`);
  const rate = traffic.requests / traffic.seconds;
  if (values.json) {
    console.log(JSON.stringify({ name, inFlight: IN_FLIGHT, rate, ideal: IDEAL }));
    return;
  }
  const cells = [
    name.padEnd(22),
    String(traffic.requests).padStart(8),
    rate.toFixed(0).padStart(10),
    `${((rate / IDEAL) * 100).toFixed(1)} %`.padStart(10),
    traffic.inFlight.toFixed(0).padStart(11),
    name.startsWith("rrr") ? ((user + system) / expected).toFixed(0).padStart(13) : "",
  ];
  console.log(cells.join(""));
}

async function trafficOf(server: ChildProcess): Promise<Traffic> {
  server.send("traffic?");
  const [traffic] = await once(server, "message");
  return traffic as Traffic;
}

async function promptfoo(): Promise<void> {
  const bin = join(values.tools, "node_modules/.bin");
  if (!isThere("promptfoo", join(bin, "promptfoo"))) return;
  const config = join(folder, "promptfoo.json");
  const tests = Array.from({ length: theirRequests }, (_, i) => ({ vars: { question: question(i) } }));
  const provider = { apiBaseUrl: baseURL, apiKey: "none", max_tokens: 64, temperature: 0 };
  const assertion = { assert: [{ type: "contains", value: "42" }] };
  writeFileSync(
    config,
    JSON.stringify({
      prompts: ["{{question}}"],
      providers: [{ id: "openai:chat:latency", config: provider }],
      defaultTest: assertion,
      tests,
    }),
  );
  const flags = ["--no-cache", "--no-table", "--no-write", "--no-progress-bar", "-j", String(IN_FLIGHT)];
  await report("promptfoo", theirRequests, () =>
    execute(join(bin, "promptfoo"), ["eval", "-c", config, ...flags], {
      // Its Node is newer than ours.
      PATH: `${bin}:${process.env.PATH}`,
      PROMPTFOO_CONFIG_DIR: folder,
      PROMPTFOO_DISABLE_TELEMETRY: "1",
      PROMPTFOO_DISABLE_UPDATE: "1",
    }),
  );
}

async function inspect(): Promise<void> {
  const bin = join(values.tools, "inspect/bin/inspect");
  if (!isThere("inspect_ai", bin)) return;
  writeFileSync(
    join(folder, "throughput.py"),
    `from inspect_ai import Task, task
from inspect_ai.dataset import Sample
from inspect_ai.scorer import includes
from inspect_ai.solver import generate

@task
def throughput():
    question = ${JSON.stringify(question(-1))}
    samples = [Sample(input=question.replace("-1", str(i)), target="42") for i in range(${theirRequests})]
    return Task(dataset=samples, solver=generate(), scorer=includes())
`,
  );
  // Chat completions, as the others: by default it asks for OpenAI's own responses.
  const flags = ["--model", "openai/latency", "-M", "responses_api=false", "--model-base-url", baseURL];
  const most = ["--max-connections", "--max-samples"].flatMap((flag) => [flag, String(IN_FLIGHT)]);
  await report("inspect_ai", theirRequests, () =>
    execute(bin, ["eval", "throughput.py", ...flags, ...most, "--max-tokens", "64", "--display", "none"], {
      OPENAI_API_KEY: "none",
      INSPECT_LOG_DIR: join(folder, "logs"),
    }),
  );
}

function isThere(name: string, path: string): boolean {
  if (values.tools !== "" && existsSync(path)) return true;
  console.error(
    `${name.padEnd(22)}skipped: ${values.tools === "" ? "no --tools DIR" : `${path} is not there`}`,
  );
  return false;
}

async function execute(file: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  // The setting of our own tsx would be theirs, who use it too.
  const inherited = { ...process.env, TSX_TSCONFIG_PATH: undefined };
  const options = { cwd: folder, env: { ...inherited, ...env }, maxBuffer: 2 ** 28 };
  await promisify(execFile)(file, args, options);
}

/** Resident memory over 100,000 episodes, each tenth of them measured after a collection of garbage. */
async function memory(): Promise<void> {
  const megabytes: number[] = [];
  for (let tenth = 0; tenth < 10; tenth++) {
    await runOurs(runOnce, 10_000);
    globalThis.gc?.();
    megabytes.push(process.memoryUsage().rss / 2 ** 20);
  }
  await trafficOf(server);
  console.log(
    `memory, MiB after each 10,000 episodes: ${megabytes.map((each) => each.toFixed(0)).join(" ")}`,
  );
}
