import { readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, RrrError } from "@rrr/core";
import { objectOf, textOf } from "@rrr/tinker-protocol";
import { type Engine, type Stored, writeDirDurably } from "@rrr/trainer";
import { Refusal } from "../http/refusal.ts";

export type CheckpointKind = "weights" | "sampler_weights";

/** Where a checkpoint is: `tinker://MODEL/KIND/NAME`. */
export interface CheckpointRef {
  readonly model: string;
  readonly kind: CheckpointKind;
  readonly name: string;
}

/** What a checkpoint is of. */
export interface CheckpointInfo {
  readonly baseModel: string;
  readonly rank: number;
  readonly trains: "full" | "lora";
}

const NAME = /^[A-Za-z0-9_-]{1,200}$/;
const MODEL = /^[A-Za-z0-9_-]{1,200}(:train:\d{1,9})?$/;
const PATH = /^tinker:\/\/([^/]+)\/(weights|sampler_weights)\/([A-Za-z0-9_-]+)$/;
const INFO = "rrr-checkpoint.json";

export function pathOf({ model, kind, name }: CheckpointRef): string {
  return `tinker://${model}/${kind}/${name}`;
}

/** @throws RrrError `bad-checkpoint` for what is no path of a checkpoint */
export function parsePath(path: string): CheckpointRef {
  const [, model, kind, name] = PATH.exec(path) ?? [];
  if (model === undefined || name === undefined || !MODEL.test(model)) {
    throw new RrrError("bad-checkpoint", `${JSON.stringify(path)} is no tinker://MODEL/weights/NAME`);
  }
  return { model, kind: kind as CheckpointKind, name };
}

/** @throws Refusal 400 for a name that no checkpoint can have */
export function checkName(name: string): string {
  if (NAME.test(name)) return name;
  throw new Refusal(
    400,
    `a checkpoint's name is letters, digits, _ and -, got ${JSON.stringify(name).slice(0, 60)}`,
  );
}

/** @throws Refusal 400 for what no model is called */
export function checkModelId(id: string): string {
  if (MODEL.test(id)) return id;
  throw new Refusal(400, `${JSON.stringify(id).slice(0, 60)} is no model's id`);
}

/** Checkpoints in a folder. They outlive their model, and the server. */
export interface Checkpoints {
  save(ref: CheckpointRef, engine: Engine, info: CheckpointInfo, overwrite: boolean): Promise<void>;
  /** @throws RrrError `bad-checkpoint` where there is none */
  find(ref: CheckpointRef): Promise<{ readonly state: Stored; readonly info: CheckpointInfo }>;
  list(model: string): Promise<readonly (CheckpointRef & { readonly time: Date })[]>;
  remove(ref: CheckpointRef): Promise<void>;
}

export function createCheckpoints(folder: string): Checkpoints {
  // A colon is no letter of a file's name everywhere.
  const folderOf = (model: string): string => join(folder, model.replaceAll(":", "."));
  const placeOf = ({ model, kind, name }: CheckpointRef): string => join(folderOf(model), kind, name);
  return {
    async save(ref, engine, info, overwrite) {
      const place = placeOf(ref);
      if (!overwrite && (await isThere(join(place, INFO)))) {
        throw new RrrError("bad-argument", `${pathOf(ref)} is there already; take another name`);
      }
      // No name of a checkpoint has a dot. The one before stays until this one is complete.
      const fresh = `${place}.new`;
      try {
        await rm(fresh, { recursive: true, force: true });
        await writeDirDurably(fresh, async (temporary) => {
          await engine.saveState(join(temporary, "state"));
          await writeFile(join(temporary, INFO), JSON.stringify(info));
        });
        await rm(place, { recursive: true, force: true });
        await rename(fresh, place);
      } catch (cause) {
        throw new Error(`${pathOf(ref)} cannot be written: ${messageOf(cause)}`, { cause });
      }
    },
    async find(ref) {
      const place = placeOf(ref);
      const text = await readFile(join(place, INFO), "utf8").catch((cause) => {
        throw new RrrError("bad-checkpoint", `there is no checkpoint ${pathOf(ref)}`, { cause });
      });
      const state = { kind: "folder", path: join(place, "state") } as const;
      return { state, info: infoOf(text, pathOf(ref)) };
    },
    async list(model) {
      const found: (CheckpointRef & { readonly time: Date })[] = [];
      for (const kind of ["weights", "sampler_weights"] as const) {
        for (const name of await readdir(join(folderOf(model), kind)).catch(() => [])) {
          if (!NAME.test(name)) continue;
          const ref = { model, kind, name };
          const info = await stat(join(placeOf(ref), INFO)).catch(() => undefined);
          if (info !== undefined) found.push({ ...ref, time: info.mtime });
        }
      }
      return found;
    },
    remove: (ref) => rm(placeOf(ref), { recursive: true, force: true }),
  };
}

/** Anybody may have written into the folder. */
function infoOf(text: string, path: string): CheckpointInfo {
  try {
    const { baseModel, rank, trains } = objectOf(JSON.parse(text), INFO);
    if (typeof rank !== "number" || !Number.isInteger(rank) || rank < 0) throw new Error("its rank is none");
    if (trains !== "full" && trains !== "lora") throw new Error(`it trains ${String(trains)}`);
    return { baseModel: textOf(baseModel, "baseModel"), rank, trains };
  } catch (cause) {
    throw new RrrError("bad-checkpoint", `${path} is damaged: ${messageOf(cause)}`, { cause });
  }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
