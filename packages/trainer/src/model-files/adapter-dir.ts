import { createHash } from "node:crypto";
import { realpath, writeFile } from "node:fs/promises";
import { basename, isAbsolute, join, relative, resolve } from "node:path";
import { RrrError } from "@rrr/core";
import { writeDirDurably } from "../durable.ts";
import type { DecoderConfig } from "./config.ts";
import { type Adapter, type LoraModule, loraNames, projectionShapes } from "./lora.ts";
import { ADAPTER_CONFIG, ADAPTER_WEIGHTS, parsePeftConfig, toPeftConfig } from "./peft-config.ts";
import { readSafetensors, readSafetensorsHeader, writeSafetensors } from "./safetensors.ts";
import { show } from "./show.ts";
import { parseJsonText, readTextFile } from "./text-files.ts";
import { isThere, weightFiles } from "./weight-files.ts";
import { isWeight, type Weights } from "./weights.ts";

/** Beside an adapter of ours: which model it belongs to. PEFT's own file has a name for it, which is no proof. */
const BASE = "rrr_base.json";
/** What PEFT puts before the name of a module. */
const PREFIX = "base_model.model.";

/** The model that an adapter belongs to. */
export interface AdapterBase {
  /** Folder's name, or what a hub calls it. */
  readonly name: string;
  readonly folder?: string | undefined;
  /** `hashWeights` of it. */
  readonly sha256: string;
}

/** Whether a folder holds an adapter in PEFT's layout, with or without its model. */
export async function isAdapterDir(dir: string): Promise<boolean> {
  return isThere(join(dir, ADAPTER_CONFIG));
}

/**
 * The folder of the model that is opened for `dir`: itself, or, where it holds an adapter alone, that of its base.
 * @throws bad-model where an adapter does not say where its base is
 */
export async function baseModelDir(dir: string): Promise<string> {
  if (!(await isAdapterDir(dir)) || (await weightFiles(dir)) !== undefined) return dir;
  const { folder } = await readBase(dir);
  const { base } = parsePeftConfig(await readJson(join(dir, ADAPTER_CONFIG)));
  const found = [folder && resolve(dir, folder), base && resolve(base)];
  for (const candidate of found) {
    if (!candidate || !(await isThere(join(candidate, "config.json")))) continue;
    if (await isAdapterDir(candidate)) {
      throw new RrrError("bad-model", `${dir} is an adapter of ${candidate}, which is an adapter too`, {
        hint: "Merge that one into its model first: rrr export-model --format model.",
      });
    }
    return candidate;
  }
  throw new RrrError(
    "bad-model",
    `${dir} holds an adapter of ${show(base ?? "?")}, which is not found here`,
    {
      hint: "Give the folder of that model with --model, and this one with --adapter.",
    },
  );
}

/**
 * Whether an adapter is of the weights that lie beside it: what people merge, they often write into the adapter's folder,
 * and to add it once more gives another model. transformers goes by the name of the base.
 * @throws bad-model where it names another base, and no hash proves this one
 */
export async function checkBeside(dir: string): Promise<void> {
  const { base } = parsePeftConfig(await readJson(join(dir, ADAPTER_CONFIG)));
  const { sha256 } = await readBase(dir);
  if (sha256 !== undefined || base === undefined) return;
  const real = (path: string): Promise<string> => realpath(path).catch(() => resolve(path));
  if ((await real(resolve(base))) === (await real(dir))) return;
  throw new RrrError(
    "bad-model",
    `${dir} holds weights, and an adapter of ${show(base)}: it may be merged into them already`,
    {
      hint: "Is it? Then remove adapter_config.json and adapter_model.safetensors. Else move both to a folder of their own, and name it with --adapter.",
    },
  );
}

/**
 * Reads an adapter in PEFT's layout.
 * @param weights those of its base: an adapter of ours is refused on others
 * @throws bad-model that names what is not supported, or does not fit the model
 */
export async function readAdapterDir(dir: string, config: DecoderConfig, weights: Weights): Promise<Adapter> {
  const parsed = parsePeftConfig(await readJson(join(dir, ADAPTER_CONFIG)));
  const { sha256 } = await readBase(dir);
  if (sha256 !== undefined && sha256 !== hashWeights(weights)) {
    throw new RrrError("bad-model", `${dir} is an adapter of another model than this one`, {
      hint: "Take the model that it was trained on, as it was then.",
    });
  }
  const path = join(dir, ADAPTER_WEIGHTS);
  const shapes = new Map<string, readonly number[]>();
  for (const { name, shape } of await readSafetensorsHeader(path)) shapes.set(name, shape);
  const modules = new Map<string, readonly [out: number, into: number, rank: number]>();
  for (const [projection, [out, into]] of projectionShapes(config)) {
    const [a, b] = loraNames(PREFIX + projection).map((name) => shapes.get(name));
    if (a === undefined && b === undefined) continue;
    const rank = parsed.rankOf(projection);
    if (a?.join() !== [rank, into].join() || b?.join() !== [out, rank].join()) {
      const found = `[${a ?? "nothing"}] and [${b ?? "nothing"}]`;
      throw new RrrError(
        "bad-model",
        `${path}: ${projection} has ${found}, not [${rank},${into}] and [${out},${rank}]`,
      );
    }
    for (const name of loraNames(PREFIX + projection)) shapes.delete(name);
    modules.set(projection, [out, into, rank]);
  }
  const [other] = shapes.keys();
  if (other !== undefined || modules.size === 0) {
    throw new RrrError(
      "bad-model",
      `${path}: ${show(other ?? "an adapter of nothing")} is not an adapter of a projection of this model`,
      {
        hint: "Adapters of embeddings, of the output and of other models are not read: merge it in Python, with merge_and_unload() of peft.",
      },
    );
  }
  const tensors = await readSafetensors(path);
  const adapter = new Map<string, LoraModule>();
  for (const projection of modules.keys()) {
    const [a, b] = loraNames(PREFIX + projection).map((name) => tensors.get(name));
    if (!a?.data.every(isWeight) || !b?.data.every(isWeight)) {
      throw new RrrError("bad-model", `${path}: ${projection} holds what is no weight`);
    }
    adapter.set(projection, { alpha: parsed.alphaOf(projection), a, b });
  }
  return { modules: adapter, rslora: parsed.rslora };
}

/**
 * Writes an adapter as PEFT does, with what says which model it belongs to. The folder appears at once, or not at all.
 * @param texts further files by name, e.g. a README.md
 * @throws bad-argument if `dir` exists and is not empty
 */
export async function writeAdapterDir(
  dir: string,
  adapter: Adapter,
  config: DecoderConfig,
  { name, folder, sha256 }: AdapterBase,
  texts: ReadonlyMap<string, string> = new Map(),
): Promise<void> {
  const tensors = new Map(
    [...adapter.modules].flatMap(([projection, { a, b }]) => {
      const [nameA, nameB] = loraNames(PREFIX + projection);
      return [[nameA, a] as const, [nameB, b] as const];
    }),
  );
  const peft = toPeftConfig(adapter, projectionShapes(config).keys(), name);
  // Relative: the two can be moved together.
  const base = { name, sha256, ...(folder === undefined ? {} : { folder: relative(dir, folder) }) };
  await writeDirDurably(dir, async (temporary) => {
    for (const [file, json] of [
      [ADAPTER_CONFIG, peft],
      [BASE, base],
    ] as const) {
      await writeFile(join(temporary, file), `${JSON.stringify(json, null, 2)}\n`);
    }
    for (const [file, text] of texts) await writeFile(join(temporary, file), text);
    await writeSafetensors(join(temporary, ADAPTER_WEIGHTS), tensors, { dtype: "F32" });
  });
}

/** SHA-256 of the weights in the model's order, hex: the same numbers give the same hash, however they were stored. */
export function hashWeights(weights: Weights): string {
  const hash = createHash("sha256");
  for (const name of [...weights.keys()].sort())
    hash.update((weights.get(name) as { data: Float32Array }).data);
  return hash.digest("hex");
}

/** What a model's folder is called where no machine's paths belong. */
export function modelName(dir: string): string {
  return basename(resolve(dir));
}

async function readBase(dir: string): Promise<{ readonly folder?: string; readonly sha256?: string }> {
  const text = await readTextFile(join(dir, BASE));
  if (text === undefined) return {};
  const { folder, sha256 } = asObject(parseJsonText(text, BASE), BASE);
  const isPath = folder === undefined || (typeof folder === "string" && !isAbsolute(folder));
  if (!isPath || typeof sha256 !== "string") {
    throw new RrrError("bad-model", `${join(dir, BASE)} does not say which model it is an adapter of`);
  }
  return { sha256, ...(folder === undefined ? {} : { folder: folder as string }) };
}

async function readJson(path: string): Promise<Readonly<Record<string, unknown>>> {
  const text = await readTextFile(path);
  if (text === undefined) throw new RrrError("bad-model", `${path} is missing`);
  return asObject(parseJsonText(text, path), path);
}

function asObject(value: unknown, name: string): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new RrrError("bad-model", `${name} is not a JSON object`);
}
