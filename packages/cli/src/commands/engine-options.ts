/** Which engine samples and trains, and what it is opened with: `--engine`, `--threads`, `--engine.<name>`. */
import type { EngineSpec } from "@rrr/runs";
import type { Command } from "commander";
import { collectNamed } from "./named-options.ts";
import { nonEmpty, wholeNumber } from "./option-values.ts";

export interface EngineFlags {
  readonly engine: string;
  readonly threads?: number;
  readonly engineOption?: Readonly<Record<string, unknown>>;
}

export function addEngineOptions(command: Command): Command {
  return command
    .option("--engine <name>", "what samples and trains: short name, package or path", nonEmpty, "onnx")
    .option("--threads <n>", "threads of the engine (default: one per core)", wholeNumber(1))
    .option(
      "--engine-option <name=value>",
      "any other option of the engine, e.g. --engine.rows 64",
      (text, before) =>
        collectNamed("engine.rows 64", text, before as Readonly<Record<string, unknown>> | undefined),
    );
}

/** What the engine is opened with. */
export function toEngineSpec({ engine: name, threads, engineOption }: EngineFlags): EngineSpec {
  return { name, options: { ...engineOption, ...(threads === undefined ? {} : { threads }) } };
}
