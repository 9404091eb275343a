import { createHash } from "node:crypto";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { messageOf, RrrError } from "@rrr/core";
import { writeDirDurably } from "./durable.ts";
import type { Engine } from "./engine.ts";

/** A complete checkpoint: a model in Hugging Face layout, `state/` of the engine, and a `trainer.json`. */
export interface Checkpoint {
  readonly dir: string;
  /** Steps done. */
  readonly step: number;
  readonly weightsHash: string;
  /** What the caller saved with it. */
  readonly run: unknown;
}

interface Manifest {
  readonly format: "rrr/checkpoint@1";
  readonly step: number;
  readonly weightsHash: string;
  readonly run: unknown;
  /** SHA-256 of every other file, by path. */
  readonly files: Readonly<Record<string, string>>;
}

const MANIFEST = "trainer.json";
const NAME = /^step-(\d{6,})$/;
const HINT = "Delete this checkpoint to go on from the one before it.";
/** What a save that was killed leaves behind. */
const UNFINISHED = /^\.step-\d{6,}\.tmp-/;

/**
 * Writes `root/step-000120`, whole or not at all, then deletes all but the newest `keep`.
 * A root has one writer: what an earlier one left unfinished is deleted too.
 * @param run JSON that belongs to the run: settings, counters
 * @throws bad-argument if none is to be kept
 */
export async function saveCheckpoint(
  root: string,
  engine: Engine,
  step: number,
  run: unknown = null,
  keep = 2,
): Promise<Checkpoint> {
  if (!Number.isInteger(keep) || keep < 1) {
    throw new RrrError("bad-argument", `keep is ${keep}, not a whole number of at least 1`);
  }
  for (const name of (await namesIn(root)).filter((name) => UNFINISHED.test(name))) {
    await rm(join(root, name), { recursive: true, force: true });
  }
  const dir = join(root, `step-${String(step).padStart(6, "0")}`);
  const weightsHash = await engine.weightsHash();
  await writeDirDurably(dir, async (temporary) => {
    await engine.exportModel(temporary);
    await engine.saveState(join(temporary, "state"));
    const files = await hashFiles(temporary);
    const manifest: Manifest = { format: "rrr/checkpoint@1", step, weightsHash, run, files };
    await writeFile(join(temporary, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
  });
  const older = (await list(root)).filter((name) => stepOf(name) < step).slice(0, -(keep - 1) || undefined);
  for (const name of older) await rm(join(root, name), { recursive: true, force: true });
  return { dir, step, weightsHash, run };
}

/**
 * The newest checkpoint under `root`, checked file by file; undefined if there is none.
 * @throws bad-checkpoint if it is truncated or was edited: an older one is never taken in silence.
 */
export async function newestCheckpoint(root: string): Promise<Checkpoint | undefined> {
  const name = (await list(root)).at(-1);
  return name === undefined ? undefined : readCheckpoint(join(root, name));
}

/** @throws bad-checkpoint */
export async function readCheckpoint(dir: string): Promise<Checkpoint> {
  const manifest = await readManifest(dir);
  const found = await hashFiles(dir);
  delete found[MANIFEST];
  for (const path of new Set([...Object.keys(manifest.files), ...Object.keys(found)])) {
    if (manifest.files[path] === found[path]) continue;
    const what = found[path] === undefined ? "is missing" : "is not what was saved";
    throw new RrrError("bad-checkpoint", `checkpoint ${dir}: ${path} ${what}`, {
      hint: HINT,
    });
  }
  const { step, weightsHash, run } = manifest;
  return { dir, step, weightsHash, run };
}

/** Restores weights and optimiser. @throws bad-checkpoint if the weights are not those that were saved. */
export async function loadCheckpoint(engine: Engine, checkpoint: Checkpoint): Promise<void> {
  await engine.loadState(join(checkpoint.dir, "state"));
  const hash = await engine.weightsHash();
  if (hash === checkpoint.weightsHash) return;
  throw new RrrError("bad-checkpoint", `checkpoint ${checkpoint.dir}: its weights hash to ${hash}`, {
    hint: HINT,
  });
}

async function readManifest(dir: string): Promise<Manifest> {
  try {
    const manifest: Partial<Manifest> = JSON.parse(await readFile(join(dir, MANIFEST), "utf8"));
    if (manifest.format === "rrr/checkpoint@1") return manifest as Manifest;
    throw new Error(`format is ${JSON.stringify(manifest.format)}`);
  } catch (cause) {
    throw new RrrError("bad-checkpoint", `checkpoint ${dir}: ${MANIFEST}: ${messageOf(cause)}`, {
      cause,
      hint: HINT,
    });
  }
}

/** Names of checkpoints, oldest first; a folder that was being written has another name. */
async function list(root: string): Promise<readonly string[]> {
  return (await namesIn(root)).filter((name) => NAME.test(name)).sort((a, b) => stepOf(a) - stepOf(b));
}

async function namesIn(root: string): Promise<string[]> {
  return readdir(root).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
}

function stepOf(name: string): number {
  return Number(NAME.exec(name)?.[1]);
}

async function hashFiles(dir: string, prefix = ""): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const entry of await readdir(join(dir, prefix), { withFileTypes: true })) {
    const path = posix.join(prefix, entry.name);
    if (entry.isDirectory()) Object.assign(hashes, await hashFiles(dir, path));
    else
      hashes[path] = createHash("sha256")
        .update(await readFile(join(dir, path)))
        .digest("hex");
  }
  return hashes;
}
