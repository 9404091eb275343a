/** Which engine samples and trains, and what it is opened with: `--engine`, `--device`, `--threads`, `--engine.<name>`. */
import { resolve } from "node:path";
import type { EngineSpec } from "@rrr/runs";
import { type Command, Option } from "commander";
import { collectNamed } from "./named-options.ts";
import { nonEmpty, number, size, wholeNumber } from "./option-values.ts";

export interface EngineFlags {
  readonly engine: string;
  readonly device?: "cpu" | "webgpu";
  readonly threads?: number;
  readonly memory?: string;
  readonly adapter?: string;
  readonly engineOption?: Readonly<Record<string, unknown>>;
}

/** Options of an adapter that is trained. */
export interface LoraFlags {
  readonly lora?: number;
  readonly loraAlpha?: number;
  readonly loraTargets?: readonly string[];
}

export function addLoraOptions(command: Command): Command {
  return command
    .option(
      "--lora <rank>",
      "train an adapter of this rank, e.g. 16, in place of all weights",
      wholeNumber(1),
    )
    .option("--lora-alpha <x>", "its scale is this by the rank (default: twice the rank)", number(0))
    .option(
      "--lora-targets <names>",
      "projections that it changes, e.g. q_proj,v_proj (default: all of the layers)",
      (text: string) => text.split(",").map((name) => name.trim()),
    );
}

export function addEngineOptions(command: Command): Command {
  return command
    .option(
      "--engine <name>",
      "what samples and trains: onnx, tfjs, tinker, or any other by short name, package or path",
      nonEmpty,
      "onnx",
    )
    .option(
      "--adapter <folder>",
      "an adapter of the model, as PEFT writes it: merged, or with --lora trained on",
      nonEmpty,
    )
    .addOption(
      new Option("--device <where>", "where --engine onnx computes; webgpu is a GPU (default: cpu)").choices([
        "cpu",
        "webgpu",
      ]),
    )
    .option("--threads <n>", "threads of the engine (default: one per core)", wholeNumber(1))
    .option(
      "--memory <size>",
      "what the process may take, e.g. 6GB: batches and rows are planned within it",
      size,
    )
    .option(
      "--engine-option <name=value>",
      "any other option of the engine, e.g. --engine.rows 64",
      (text, before) =>
        collectNamed("engine.rows 64", text, before as Readonly<Record<string, unknown>> | undefined),
    );
}

export interface RemoteEngineFlags {
  readonly baseUrl?: string;
  readonly tokenizer?: string;
}

/** Of engines that are elsewhere. */
export function addRemoteEngineOptions(command: Command): Command {
  return command
    .option("--base-url <url>", "server of --engine tinker (default: TINKER_BASE_URL)", nonEmpty)
    .option(
      "--tokenizer <folder>",
      "tokenizer of a model on a server (default: the model, if a folder)",
      nonEmpty,
    );
}

/** What the engine is opened with. */
export function toEngineSpec(flags: EngineFlags & LoraFlags): EngineSpec {
  const {
    engine: name,
    device,
    threads,
    memory,
    adapter,
    lora,
    loraAlpha,
    loraTargets,
    engineOption,
  } = flags;
  const said = {
    device,
    threads,
    memory,
    adapter: adapter && resolve(adapter),
    lora,
    loraAlpha,
    loraTargets,
  };
  const given = Object.entries(said).filter(([, value]) => value !== undefined);
  return { name, options: { ...engineOption, ...Object.fromEntries(given) } };
}

/** The same for one that may be elsewhere. */
export function toRemoteEngineSpec({
  baseUrl,
  tokenizer,
  ...flags
}: EngineFlags & LoraFlags & RemoteEngineFlags): EngineSpec {
  const { name, options } = toEngineSpec(flags);
  const server = {
    ...(baseUrl === undefined ? {} : { baseUrl }),
    // Whoever resumes the run may be in another folder.
    ...(tokenizer === undefined ? {} : { tokenizer: resolve(tokenizer) }),
  };
  return { name, options: { ...options, ...server } };
}
