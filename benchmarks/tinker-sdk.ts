/**
 * `pnpm test:tinker-sdk --python <Python 3.11 or newer>`: do programs that were written for Tinker train on `rrr serve --tinker`,
 * as they are? Skips where the Python does not have the packages:
 *
 *     pip install tinker==0.38.0 torch transformers datasets sympy pylatexenc math-verify
 *     pip install --no-deps tinker-cookbook==0.6.1 && pip install blobfile chz cloudpickle pillow rich termcolor tiktoken
 *
 *   1. tinker-sdk/loop.py: the official client, with every call that a loop needs.
 *   2. rl_loop.py of tinker-cookbook, unchanged, from where the first one stopped. It reads a data set and a tokenizer by
 *      names of the hub; folders of these names lie where it runs.
 *
 * Build first: the server that runs is the one that users install.
 */
import { spawnSync } from "node:child_process";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { builtinModelDir } from "@rrr/builtin-model";
import { createRandom } from "@rrr/core";
import { startRrrServe } from "./servers/rrr-serve.ts";
import { scratchFolder } from "./servers/scratch.ts";

/** rl_loop.py looks up how to talk to a model by its name: this one is plain text, "User:" and "Assistant:". */
const NAME = "Qwen/Qwen3-8B-Base";
const STEPS = 6;

const { values } = parseArgs({ options: { python: { type: "string", default: "python3" } } });
// It is started in another folder.
const python = values.python.includes("/") ? resolve(values.python) : values.python;
const modules = "tinker, torch, transformers, datasets, tinker_cookbook.recipes.rl_loop";
const found = spawnSync(python, ["-W", "ignore", "-c", `import ${modules}`], { encoding: "utf8" });
if (found.status !== 0) {
  const why = found.error?.message ?? found.stderr.trim().split("\n").at(-1);
  console.log(
    `skipped: ${python} does not have what this needs (${why}). See the top of benchmarks/tinker-sdk.ts.`,
  );
  process.exit(0);
}

const scratch = scratchFolder("tinker-sdk");
const server = await startRrrServe(join(scratch, "checkpoints"), ["--name", NAME]);
try {
  const model = builtinModelDir("countdown");
  await mkdir(join(scratch, "log"));
  const loop = fileURLToPath(new URL("tinker-sdk/loop.py", import.meta.url));
  await run([loop, server.baseURL, NAME, model, join(scratch, "log", "checkpoints.jsonl")]);

  await mkdir(join(scratch, dirname(NAME)));
  await cp(model, join(scratch, NAME), { recursive: true });
  await writeArithmetic(join(scratch, "openai", "gsm8k"));
  const settings = {
    ...{ base_url: server.baseURL, model_name: NAME, log_path: "log" },
    ...{ batch_size: 8, group_size: 8, max_steps: STEPS, max_tokens: 16, save_every: 2 },
    ...{ loss_fn: "importance_sampling", learning_rate: 1e-4, ttl_seconds: "None" },
  };
  const options = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  await run(["-m", "tinker_cookbook.recipes.rl_loop", ...options]);

  const lines = (await readFile(join(scratch, "log", "metrics.jsonl"), "utf8")).trim().split("\n");
  const steps = lines.map((line) => JSON.parse(line) as Record<string, number>);
  const shown = steps.map((step) => ({ reward: step["reward/total"], gradNorm: step.grad_norm }));
  console.log(JSON.stringify(shown));
  if (steps.length !== STEPS || !shown.some(({ gradNorm }) => (gradNorm ?? 0) > 0)) {
    throw new Error("rl_loop.py took no step that carried a gradient");
  }
  console.log("both loops trained");
} finally {
  await server.close();
}

async function run(args: readonly string[]): Promise<void> {
  const env = { ...process.env, TINKER_API_KEY: "tml-none", HF_HUB_OFFLINE: "1" };
  const { status } = spawnSync(python, ["-W", "ignore", ...args], { cwd: scratch, env, stdio: "inherit" });
  if (status !== 0) throw new Error(`${python} ${args.join(" ")} ended with ${status}`);
}

/** Problems in the layout of GSM8K, with a name of its own for the only part. */
async function writeArithmetic(folder: string): Promise<void> {
  const random = createRandom(1);
  const digit = (): number => Math.floor(5 * random.next());
  const rows = Array.from({ length: 64 }, () => {
    const [a, b] = [digit(), digit()];
    return { question: `What is ${a} + ${b}?`, answer: `${a} + ${b} = ${a + b}\n#### ${a + b}` };
  });
  await mkdir(join(folder, "main"), { recursive: true });
  await writeFile(
    join(folder, "main", "train.jsonl"),
    rows.map((row) => `${JSON.stringify(row)}\n`).join(""),
  );
  const files = "  data_files:\n  - split: train\n    path: main/train.jsonl\n";
  await writeFile(join(folder, "README.md"), `---\nconfigs:\n- config_name: main\n${files}---\n`);
}
