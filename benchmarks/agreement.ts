/**
 * `pnpm bench:agreement [--items 200] [--python python3] [--json]`: the same model, task and seed through four engines.
 *
 * The built-in Countdown model answers the first test items greedily in the embedded engine, in transformers.js
 * (exported to ONNX), in `transformers serve` (PyTorch) and in llama.cpp (exported to GGUF), all with float32 weights
 * and caches. Two answers agree if text and ending are the same. Where they do not, the gap says how far apart the
 * embedded engine sees the two tokens at which they part: below `tie` nats it is rounding that decides. llama.cpp is
 * asked once more through a server that answers each request with a fault first. Servers that the given Python does
 * not have are left out.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { builtinModelDir } from "@rrr/builtin-model";
import { attemptPrompt, type Message, type Model, take } from "@rrr/core";
import { createOnnxEngine, exportOnnx } from "@rrr/engine-onnx";
import { createTransformersModel } from "@rrr/models";
import { countdown } from "@rrr/task-countdown";
import { createPolicy, readModelDir } from "@rrr/trainer";
import { behindFaults } from "./servers/behind-faults.ts";
import { type Answers, differencesOf } from "./servers/differences.ts";
import { isInstalled, type PythonServer, pythonServers } from "./servers/python-servers.ts";

/** Gap in nats up to which a difference is one of rounding: float32 logits of this size are 1e-6 apart. */
const tie = 1e-3;
const wanted = 0.99;

const { values } = parseArgs({
  options: {
    items: { type: "string", default: "200" },
    python: { type: "string", default: "python3" },
    json: { type: "boolean", default: false },
  },
});
const count = Number(values.items);
if (!Number.isSafeInteger(count) || count < 1)
  throw new Error(`--items must be a whole number ≥ 1, got ${values.items}`);

const dir = builtinModelDir("countdown");
const scratch = await mkdtemp(join(tmpdir(), "rrr-agreement-"));
const task = countdown();
const items = await take(task.items("test", 0), count);
const prompts = items.map((item) => attemptPrompt(task, item));
const files = await readModelDir(dir);
const engine = await createOnnxEngine(files);
const all: Answers[] = [];
const skipped: string[] = [];
/** What the server in front of a real one did. */
const served = { faults: 0, askedAfterAnswer: 0 };

try {
  await collect("embedded engine", createPolicy(engine));
  const onnx = join(scratch, "onnx");
  await exportOnnx(files, onnx);
  await collect("transformers.js", await createTransformersModel({ model: onnx }));
  for (const server of pythonServers) {
    if (!isInstalled(server, values.python)) {
      skipped.push(server.name);
      console.error(
        `${server.name}: skipped; to have it: ${values.python} -m pip install ${server.packages}`,
      );
      continue;
    }
    const { baseURL, close } = await server.start(values.python, dir, scratch);
    try {
      await collect(server.name, server.ask(baseURL, dir));
      if (server.quick) await collectBehindFaults(server, baseURL);
    } finally {
      await close();
    }
  }
  await report();
} finally {
  await engine.close();
  await rm(scratch, { recursive: true });
}

async function collect(backend: string, model: Model & { close?(): Promise<void> }): Promise<void> {
  let done = 0;
  const ask = async (prompt: readonly Message[]) => {
    const { attempt } = task.limits;
    const [completion] = await model.generate(prompt, { maxTokens: attempt, temperature: 0, seed: 0 });
    if (completion === undefined) throw new Error(`${backend} gave no completion`);
    process.stderr.write(`\r${backend}: ${++done} of ${count}`.padEnd(50));
    return completion;
  };
  const start = performance.now();
  all.push({ backend, completions: await Promise.all(prompts.map(ask)) });
  process.stderr.write(`\r${backend}: ${count} in ${((performance.now() - start) / 1000).toFixed(1)} s\n`);
  await model.close?.();
}

async function collectBehindFaults({ name, ask }: PythonServer, baseURL: string): Promise<void> {
  const front = await behindFaults(baseURL);
  const patience = { timeoutMs: 5000, stallTimeoutMs: 1000, backoffMs: 10, maxWaitMs: 100 };
  await collect(`${name} behind faults`, ask(front.url, dir, patience));
  for (const { faults, askedAfterAnswer } of front.served.values()) {
    served.faults += faults;
    served.askedAfterAnswer += askedAfterAnswer;
  }
  await front.close();
}

async function report(): Promise<void> {
  const pairs = all.flatMap((a, i) => all.slice(i + 1).map((b) => [a, b] as const));
  const differences = await Promise.all(pairs.map((pair) => differencesOf(engine, prompts, pair)));
  const rows = pairs.map(([a, b], i) => {
    const found = differences[i] ?? [];
    const agreed = count - found.length;
    const ties = found.filter(({ gap }) => gap <= tie).length;
    return { backends: [a.backend, b.backend], agreed, ties, differences: found };
  });
  if (values.json) console.log(JSON.stringify({ items: count, skipped, served, pairs: rows }));
  else {
    const { faults, askedAfterAnswer } = served;
    if (faults > 0)
      console.log(`${faults} faults served, ${askedAfterAnswer} requests asked after their answer`);
    for (const { backends, agreed, ties } of rows) {
      const note = agreed === count ? "" : `   ${ties} of the other ${count - agreed} are ties`;
      console.log(`${backends.join(" – ").padEnd(46)}${String(agreed).padStart(5)} of ${count}${note}`);
    }
    for (const { item, backends, texts, common, gap } of differences.flat()) {
      console.log(`\nitem ${item}, after ${common} equal tokens, ${gap.toExponential(1)} nats apart:`);
      backends.forEach((backend, i) => {
        console.log(`  ${backend}: ${texts[i]}`);
      });
    }
  }
  if (served.askedAfterAnswer > 0) process.exitCode = 1;
  if (rows.some(({ agreed, ties }) => agreed < wanted * count || ties < count - agreed)) process.exitCode = 1;
}
