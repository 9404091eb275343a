import { createHash } from "node:crypto";
import { lstat, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { messageOf, RrrError } from "@rrr/core";
import { writeDirDurably } from "./durable.ts";
import type { Engine, Stored, StoredModel } from "./engine.ts";
import { isUnfinished, removeOwnFiles } from "./own-files.ts";
import { relativeTo, resolvedIn } from "./stored-path.ts";

/** A complete checkpoint: the model, the engine's state in `state/`, or where both are, and a `trainer.json`. */
export interface Checkpoint {
  readonly dir: string;
  /** Steps done. */
  readonly step: number;
  readonly weightsVersion: string;
  readonly model: StoredModel;
  readonly state: Stored;
  /** What the caller saved with it. */
  readonly run: unknown;
}

/** `trainer.json`; folders are relative to its own. */
interface Manifest extends Omit<Checkpoint, "dir"> {
  readonly format: "rrr/checkpoint@2";
  /** SHA-256 of every other file, by path. */
  readonly files: Readonly<Record<string, string>>;
}

/** The format before engines could store elsewhere: every state was a folder, every version a hash. */
interface FirstManifest extends Pick<Manifest, "step" | "run" | "files"> {
  readonly format: "rrr/checkpoint@1";
  readonly weightsHash: string;
}

const MANIFEST = "trainer.json";
const NAME = /^step-(\d{6,})$/;
const HINT = "Delete this checkpoint to go on from the one before it.";

/** Which checkpoints stay: the newest ones, and those of certain steps, e.g. of the best score. */
export interface KeptCheckpoints {
  readonly newest: number;
  readonly steps?: readonly number[];
}

/**
 * Writes `root/step-000120`, whole or not at all, then deletes all but those to `keep`: so many of the newest, or as said.
 * A root has one writer: what an earlier one left unfinished is deleted too.
 * @param run JSON that belongs to the run: settings, counters
 * @throws bad-argument if none is to be kept
 */
export async function saveCheckpoint(
  root: string,
  engine: Engine,
  step: number,
  run: unknown = null,
  keep: number | KeptCheckpoints = 2,
): Promise<Checkpoint> {
  const kept = typeof keep === "number" ? { newest: keep } : keep;
  checkKept(kept);
  for (const name of (await namesIn(root)).filter(isUnfinished)) {
    await rm(join(root, name), { recursive: true, force: true });
  }
  const dir = join(root, `step-${String(step).padStart(6, "0")}`);
  const weightsVersion = await engine.weightsVersion();
  const manifest = await writeDirDurably(dir, async (temporary): Promise<Manifest> => {
    // An adapter is a few megabytes beside a base that lies elsewhere already.
    const exported = engine.exportAdapter?.(temporary) ?? engine.exportModel(temporary);
    const model = relativeTo(temporary, await exported);
    const state = relativeTo(temporary, await engine.saveState(join(temporary, "state")));
    const files = await hashFiles(temporary);
    const written = { format: "rrr/checkpoint@2", step, weightsVersion, model, state, run, files } as const;
    await writeFile(join(temporary, MANIFEST), `${JSON.stringify(written, null, 2)}\n`);
    return written;
  });
  await pruneCheckpoints(root, step, kept);
  return toCheckpoint(dir, manifest);
}

/**
 * Deletes all checkpoints before that of `step` but those to keep. A save ends with it; who resumes does it again, for the
 * process before may have ended in between.
 * @throws bad-argument if none is to be kept
 */
export async function pruneCheckpoints(root: string, step: number, kept: KeptCheckpoints): Promise<void> {
  checkKept(kept);
  const { newest, steps: wanted = [] } = kept;
  const older = (await list(root)).filter((name) => stepOf(name) < step).slice(0, -(newest - 1) || undefined);
  for (const name of older) if (!wanted.includes(stepOf(name))) removeOwnFiles(join(root, name));
}

function checkKept({ newest }: KeptCheckpoints): void {
  if (Number.isInteger(newest) && newest >= 1) return;
  throw new RrrError("bad-argument", `keep is ${newest}, not a whole number of at least 1`);
}

/**
 * The newest checkpoint under `root`, checked file by file; undefined if there is none.
 * @throws bad-checkpoint if it is truncated or was edited: an older one is never taken in silence.
 */
export async function newestCheckpoint(root: string): Promise<Checkpoint | undefined> {
  const name = (await list(root)).at(-1);
  if (name === undefined) return undefined;
  const dir = join(root, name);
  if ((await lstat(dir)).isDirectory()) return readCheckpoint(dir);
  throw new RrrError("bad-checkpoint", `checkpoint ${dir} is no folder`, { hint: HINT });
}

/** The complete checkpoint of a step, checked file by file. @throws bad-checkpoint also where there is none */
export async function checkpointOf(root: string, step: number): Promise<Checkpoint> {
  const name = (await list(root)).find((name) => stepOf(name) === step);
  if (name !== undefined) return readCheckpoint(join(root, name));
  throw new RrrError("bad-checkpoint", `${root} has no checkpoint of step ${step}`, {
    hint: "It was removed: put it back, or start a new run.",
  });
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
  return toCheckpoint(dir, manifest);
}

/** Restores weights and optimiser. @throws bad-checkpoint if the weights are not those that were saved. */
export async function loadCheckpoint(engine: Engine, checkpoint: Checkpoint): Promise<void> {
  await engine.loadState(checkpoint.state);
  const version = await engine.weightsVersion();
  if (version === checkpoint.weightsVersion) return;
  const { dir, weightsVersion } = checkpoint;
  throw new RrrError(
    "bad-checkpoint",
    `checkpoint ${dir}: its weights are ${version}, not ${weightsVersion}`,
    {
      hint: HINT,
    },
  );
}

function toCheckpoint(dir: string, { step, weightsVersion, model, state, run }: Manifest): Checkpoint {
  return {
    dir,
    step,
    weightsVersion,
    model: resolvedIn(dir, model),
    state: resolvedIn(dir, state),
    run,
  };
}

async function readManifest(dir: string): Promise<Manifest> {
  try {
    const path = join(dir, MANIFEST);
    if (!(await lstat(path)).isFile()) throw new Error("it is no file");
    const manifest: { readonly format?: unknown } = JSON.parse(await readFile(path, "utf8"));
    if (manifest.format === "rrr/checkpoint@2") return manifest as Manifest;
    if (manifest.format === "rrr/checkpoint@1") return ofFirstFormat(manifest as FirstManifest);
    throw new Error(`format is ${JSON.stringify(manifest.format)}`);
  } catch (cause) {
    throw new RrrError("bad-checkpoint", `checkpoint ${dir}: ${MANIFEST}: ${messageOf(cause)}`, {
      cause,
      hint: HINT,
    });
  }
}

function ofFirstFormat({ step, weightsHash, run, files }: FirstManifest): Manifest {
  return {
    format: "rrr/checkpoint@2",
    step,
    weightsVersion: weightsHash,
    model: { kind: "folder", path: "", layout: "hugging-face" },
    state: { kind: "folder", path: "state" },
    run,
    files,
  };
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
    else if (!entry.isFile()) {
      // A link would lead out of the folder, and a pipe would never end.
      throw new RrrError("bad-checkpoint", `checkpoint ${dir}: ${path} is no file`, { hint: HINT });
    } else
      hashes[path] = createHash("sha256")
        .update(await readFile(join(dir, path)))
        .digest("hex");
  }
  return hashes;
}
