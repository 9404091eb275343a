import { mkdir } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { builtinModelDir } from "@rrr/builtin-model";
import { RrrError } from "@rrr/core";
import { openEngine } from "@rrr/plugins";
import { createTinkerHandler, listen, type ServedModel } from "@rrr/server";
import { type EngineFlags, toEngineSpec } from "../commands/engine-options.ts";
import { say } from "../output/print.ts";
import { onInterruption } from "../run/on-interruption.ts";

/** The options of `rrr serve`. */
export interface ServeFlags extends EngineFlags {
  readonly tinker: string;
  readonly name?: string;
  readonly lora?: true;
  readonly port: number;
  readonly host: string;
  readonly apiKeyEnv?: string;
  readonly checkpoints: string;
}

/** `rrr serve` */
export async function serve(flags: ServeFlags): Promise<void> {
  const { tinker, port, host, apiKeyEnv } = flags;
  const token = apiKeyEnv === undefined ? undefined : keyIn(apiKeyEnv);
  const folder = resolve(flags.checkpoints);
  const weights = folderOf(tinker);
  const { name = basename(weights) } = flags;
  const model = await servedModel(name, weights, flags);
  await mkdir(folder, { recursive: true });
  const { handle } = createTinkerHandler({
    models: [model],
    folder,
    ...(token === undefined ? {} : { token }),
  });
  const { url } = await listen(handle, { port, host, hasToken: token !== undefined });
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
  { lora, ...flags }: EngineFlags & Pick<ServeFlags, "lora">,
): Promise<ServedModel> {
  const { name: engine, options } = toEngineSpec(flags);
  const open: ServedModel["open"] = async ({ rank }) => {
    const adapter = lora === true && rank > 0 ? { lora: rank } : {};
    return (await openEngine({ name: engine, model: folder, options: { ...options, ...adapter } })).engine;
  };
  const first = await open({ rank: 1, seed: 0 });
  const { contextLength, capabilities } = first;
  await first.close();
  return { name, contextLength, trains: capabilities.trains, open };
}

function folderOf(tinker: string): string {
  const [, task] = /^builtin(?::(.+))?$/.exec(tinker) ?? [];
  return /^builtin(:|$)/.test(tinker) ? builtinModelDir(task ?? "countdown") : resolve(tinker);
}

function keyIn(variable: string): string {
  const key = process.env[variable];
  if (key !== undefined && key !== "") return key;
  throw new RrrError("bad-argument", `the environment variable ${variable} is empty`, {
    hint: "Put the key that clients must send into it.",
  });
}
