import { messageOf, RrrError } from "@rrr/core";
import type { Engine, EnginePlugin, EngineUse } from "@rrr/trainer";
import { KINDS } from "../find/kind.ts";
import { resolvePlugin } from "../find/resolve.ts";
import { checkSpec, importPlugin } from "./import-plugin.ts";
import { pluginFailed } from "./plugin-failed.ts";

/** An engine by name, and what it is opened on. */
export interface EngineRequest {
  /** `onnx` is `@rrr/engine-onnx`; any other package, or a path. */
  readonly name: string;
  /** An absolute folder in Hugging Face layout; an engine on a server may take a name instead. */
  readonly model: string;
  /** What they may be is the engine's to say. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** What it is opened for, where that is known. */
  readonly use?: EngineUse;
}

/** An engine and the file that it came from; to be closed by who opened it. */
export interface OpenedEngine {
  readonly engine: Engine;
  readonly file: string;
}

/**
 * Resolves an engine's name as a task's is, imports it and opens it.
 * @throws RrrError `plugin-not-found`, `plugin-failed`, `bad-engine`, `bad-argument` for options that it does not take,
 * and what opening it throws of ours
 * @example const { engine } = await openEngine({ name: "onnx", model: "/models/mine", options: { threads: 2 } });
 */
export async function openEngine(
  { name, model, options = {}, use }: EngineRequest,
  cwd: string = process.cwd(),
): Promise<OpenedEngine> {
  const file = resolvePlugin(name, cwd, "engine");
  const plugin = await loadEngine(file);
  return { engine: await open(plugin, { model, options, use }, file), file };
}

async function loadEngine(file: string): Promise<EnginePlugin> {
  const exported = await importPlugin(file, "engine");
  checkSpec((exported as Partial<EnginePlugin> | null)?.spec, file, "engine");
  const trainer: Contract = await contract();
  try {
    trainer.assertEnginePlugin(exported);
    return exported;
  } catch (cause) {
    throw new RrrError("bad-engine", `${file} is not an engine: ${messageOf(cause)}`, {
      cause,
      hint: KINDS.engine.contract,
    });
  }
}

async function open(
  plugin: EnginePlugin,
  request: Parameters<EnginePlugin["open"]>[0],
  file: string,
): Promise<Engine> {
  let engine: unknown;
  try {
    engine = await plugin.open(request);
  } catch (cause) {
    throw RrrError.is(cause) ? cause : pluginFailed(file, "opening its engine threw", cause);
  }
  const trainer: Contract = await contract();
  try {
    trainer.assertEngine(engine);
    return engine;
  } catch (cause) {
    throw new RrrError("bad-engine", `${file} opened what is not an engine: ${messageOf(cause)}`, {
      cause,
      hint: "testEngine() of @rrr/trainer/testing finds what is wrong with an engine.",
    });
  }
}

type Contract = typeof import("@rrr/trainer");

/** Tasks are loaded without it, and start faster. */
const contract = (): Promise<Contract> => import("@rrr/trainer");
