/**
 * Makes the built-in model of a task: `pnpm pretrain [countdown|function-calling] [--steps N] [--seed N] [--out DIR]`.
 * Supervised pre-training from scratch on made-up transcripts of training problems; held-out problems never
 * occur in it. Deterministic: the same seed on the same kind of machine gives the same bytes.
 */
import { existsSync, readdirSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { RrrError } from "@rrr/core";
import { createOnnxEngine } from "@rrr/engine-onnx";
import { pretrain } from "@rrr/trainer";
import { createRecipe, ingredients, optimisation, type RecipeName } from "./recipe.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    steps: { type: "string" },
    seed: { type: "string", default: "0" },
    out: { type: "string" },
  },
});
const task = recipeName(positionals[0] ?? "countdown");
const steps = wholeNumber("steps", values.steps ?? String(ingredients[task].steps), 1);
const seed = wholeNumber("seed", values.seed, 0);
const out = resolve(values.out ?? fileURLToPath(new URL(`../models/${task}`, import.meta.url)));
/** Where the model lies until it is done: a run that is killed leaves the old one. */
const partial = `${out}.partial`;
for (const folder of [out, partial]) requireModelOrNothing(folder);
/** Steps between two lines of progress, each with the model written as it is then. */
const reportEvery = 250;

const { model, batch } = await createRecipe(task, seed);
const engine = await createOnnxEngine(model);
const started = performance.now();
for await (const { step, loss } of pretrain(engine, batch, { steps, ...optimisation })) {
  if (step % reportEvery !== 0 && step !== steps) continue;
  await rm(partial, { recursive: true, force: true });
  await engine.exportModel(partial);
  const minutes = (performance.now() - started) / 60_000;
  const left = Math.ceil((minutes / step) * (steps - step));
  console.error(
    `step ${step}/${steps}  loss ${loss.toFixed(4)}  ${minutes.toFixed(1)} min, ${left} left  ${partial}`,
  );
}
await engine.close();
await rm(out, { recursive: true, force: true });
await rename(partial, out);
console.error(out);

function recipeName(name: string): RecipeName {
  if (Object.hasOwn(ingredients, name)) return name as RecipeName;
  const known = Object.keys(ingredients).join(", ");
  throw new RrrError("bad-argument", `there is no recipe for ${name}`, { hint: `There are ${known}.` });
}

function wholeNumber(name: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least) return value;
  throw new RrrError("bad-argument", `--${name} is ${text}, not a whole number of at least ${least}`);
}

/** The folder is replaced: it must hold a model that this made, or not exist. */
function requireModelOrNothing(folder: string): void {
  const ours = ["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"];
  const others = existsSync(folder) ? readdirSync(folder).filter((name) => !ours.includes(name)) : [];
  if (others.length === 0) return;
  throw new RrrError("bad-argument", `--out ${folder} holds ${others[0]}, and would be replaced`, {
    hint: "Name a new folder.",
  });
}
