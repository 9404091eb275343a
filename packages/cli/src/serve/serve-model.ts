import { readdirSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { builtinModelDir } from "@rrr/builtin-model";
import { messageOf, RrrError } from "@rrr/core";
import { openEngine } from "@rrr/plugins";
import { createTinkerHandler, listen, type ServedModel } from "@rrr/server";
import { type EngineFlags, toEngineSpec } from "../commands/engine-options.ts";
import { say } from "../output/print.ts";
import { onInterruption } from "../run/on-interruption.ts";
import { type AddressFlags, addressOf } from "./address.ts";

/** The options of `rrr serve --tinker`. */
export interface ServeModelFlags extends EngineFlags, AddressFlags {
  readonly name?: string;
  readonly lora?: true;
  readonly checkpoints: string;
}

/** `rrr serve --tinker <model>` */
export async function serveModel(tinker: string, flags: ServeModelFlags): Promise<void> {
  const address = addressOf(flags);
  const { token } = address;
  const folder = resolve(flags.checkpoints);
  const weights = folderOf(tinker);
  const { name = basename(weights) } = flags;
  const model = await servedModel(name, weights, flags);
  await mkdir(folder, { recursive: true }).catch((cause) => {
    throw new RrrError("bad-argument", `checkpoints cannot be kept in ${folder}: ${messageOf(cause)}`, {
      cause,
      hint: "Give --checkpoints a folder that this user may write to.",
    });
  });
  const { handle } = createTinkerHandler({
    models: [model],
    folder,
    ...(token === undefined ? {} : { token }),
  });
  const { url } = await listen(handle, address);
  onInterruption(() => say("rrr: the server ends; checkpoints are kept\n"));
  say(`rrr: serves ${name} at ${url}; Ctrl-C ends it\n`);
  const trained = model.trains === "full" ? "all of its weights are trained" : "adapters are trained";
  say(`rrr: ${trained}; checkpoints are kept in ${folder}\n`);
  // The command ends when its work does: here, never of itself.
  await new Promise(() => {});
}

/** Opened once before anybody asks: what is wrong with the model is said here. */
async function servedModel(
  name: string,
  folder: string,
  { lora, ...flags }: EngineFlags & Pick<ServeModelFlags, "lora">,
): Promise<ServedModel> {
  const { name: engine, options } = toEngineSpec(flags);
  const open: ServedModel["open"] = async ({ rank }) => {
    const adapter = lora === true && rank > 0 ? { lora: rank } : {};
    return (await openEngine({ name: engine, model: folder, options: { ...options, ...adapter } })).engine;
  };
  const first = await open({ rank: 1, seed: 0 });
  const { contextLength, capabilities, notes = [] } = first;
  for (const note of notes) say(`rrr: ${note}\n`);
  await first.close();
  return { name, contextLength, trains: capabilities.trains, open };
}

function folderOf(tinker: string): string {
  const [, task = "countdown"] = /^builtin(?::(.*))?$/.exec(tinker) ?? [];
  if (!/^builtin(:|$)/.test(tinker)) return resolve(tinker);
  const folder = builtinModelDir(task);
  // A task without one is given another's.
  if (basename(folder) === task) return folder;
  const names = readdirSync(dirname(folder)).toSorted();
  throw new RrrError("bad-argument", `there is no built-in model for ${JSON.stringify(task)}`, {
    hint: `There is ${names.map((name) => `builtin:${name}`).join(", ")}.`,
  });
}
