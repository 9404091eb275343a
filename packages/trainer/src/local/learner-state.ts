import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { RrrError } from "@rrr/core";
import { writeDirDurably } from "../durable.ts";
import type { Stored } from "../engine.ts";
import { readSafetensors, writeSafetensors } from "../model-files/safetensors.ts";
import { isWeight, type Weight, type Weights } from "../model-files/weights.ts";
import type { AdamState } from "./adam.ts";
import { type Layout, views } from "./layout.ts";

/** All that training continues from. */
export interface LearnerState {
  /** What is trained. */
  readonly values: Float32Array;
  readonly adam: AdamState;
  /** Names what is frozen beside it; absent where nothing is. */
  readonly frozen?: string | undefined;
}

const fileName = "state.safetensors";
const frozenFile = "frozen.json";

/** Writes a folder that appears at once, complete, or not at all. @throws bad-argument if it is there and not empty */
export async function saveLearnerState(dir: string, layout: Layout, state: LearnerState): Promise<void> {
  const tensors = new Map<string, Weight>([
    ["adam.step", { shape: [1], data: Float32Array.of(state.adam.step) }],
  ]);
  for (const [prefix, flat] of parts(state)) {
    for (const [name, weight] of views(layout, flat)) tensors.set(prefix + name, weight);
  }
  await writeDirDurably(dir, async (temporary) => {
    await writeSafetensors(join(temporary, fileName), tensors, { dtype: "F32" });
    const { frozen } = state;
    if (frozen !== undefined) await writeFile(join(temporary, frozenFile), `${JSON.stringify({ frozen })}\n`);
  });
}

const HINT = "Delete this checkpoint to go on from the one before it.";

/** Reads into the arrays of `state`, which is unchanged if anything is wrong. @throws bad-checkpoint */
export async function loadLearnerState(dir: string, layout: Layout, state: LearnerState): Promise<void> {
  const path = join(dir, fileName);
  await checkFrozen(dir, state.frozen);
  const tensors = await read(path);
  const step = tensors.get("adam.step")?.data[0];
  if (step === undefined) throw new RrrError("bad-checkpoint", `${path} holds no adam.step`, { hint: HINT });
  const copies: (() => void)[] = [];
  for (const [prefix, flat] of parts(state)) {
    for (const [name, { shape, data }] of views(layout, flat)) {
      const found = tensors.get(prefix + name);
      if (found === undefined || found.shape.join() !== shape.join()) {
        throw new RrrError(
          "bad-checkpoint",
          `${path}: ${prefix}${name} is ${found ? `[${found.shape}]` : "missing"}, the model's is [${shape}]`,
          { hint: "Load the checkpoint into the model that it was saved from." },
        );
      }
      const broken = found.data.find((value) => !(prefix === "" ? isWeight(value) : Number.isFinite(value)));
      if (broken !== undefined) {
        throw new RrrError("bad-checkpoint", `${path}: ${prefix}${name} holds ${broken}`, { hint: HINT });
      }
      copies.push(() => data.set(found.data));
    }
  }
  for (const copy of copies) copy();
  state.adam.step = step;
}

/** An adapter means nothing beside another base, whatever its shapes say. */
async function checkFrozen(dir: string, frozen: string | undefined): Promise<void> {
  const path = join(dir, frozenFile);
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined && frozen === undefined) return;
  let found: unknown;
  try {
    found = (JSON.parse(text ?? "{}") as { readonly frozen?: unknown } | null)?.frozen;
  } catch {
    // Not what was written.
  }
  if (found === frozen) return;
  const what =
    text === undefined ? "is not of an adapter" : "is of an adapter of another model, or with another scale";
  throw new RrrError("bad-checkpoint", `the state ${dir} ${what}`, {
    hint: "Load it into the model, and with the settings of --lora, that it was saved from.",
  });
}

function parts({ values, adam }: LearnerState): readonly (readonly [prefix: string, flat: Float32Array])[] {
  return [
    ["", values],
    ["adam.mean.", adam.mean],
    ["adam.square.", adam.square],
  ];
}

async function read(path: string): Promise<Weights> {
  try {
    await stat(path);
    return await readSafetensors(path);
  } catch (cause) {
    throw new RrrError("bad-checkpoint", `cannot read ${path}: ${(cause as Error).message}`, {
      cause,
      hint: HINT,
    });
  }
}

/** @throws bad-checkpoint for a state that is not in a folder */
export function folderOf(state: Stored): string {
  if (state.kind === "folder") return state.path;
  throw new RrrError("bad-checkpoint", `the state at ${state.address} was saved by another engine`);
}
