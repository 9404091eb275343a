import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { type OptionSchema, RrrError, schemaOf } from "@rrr/core";
import { defineEngine, type EnginePlugin, loadTokenizer } from "@rrr/trainer";
import { createTinkerEngine } from "./engine.ts";
import type { TinkerEngineSettings } from "./settings.ts";

/** What the engine can be opened with by name. The key is none of them: it is in `TINKER_API_KEY`. */
export interface TinkerEngineOptions
  extends Pick<
    TinkerEngineSettings,
    "rank" | "seed" | "dialect" | "reduction" | "contextLength" | "timeout" | "heartbeat"
  > {
  /** Default: `TINKER_BASE_URL`. */
  readonly baseUrl?: string;
  /** A folder with the model's tokenizer. Default: the model, where it is a folder. */
  readonly tokenizer?: string;
  /** What the server calls the model, where that is not what `--model` says. */
  readonly model?: string;
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
const text = (expected: string): OptionSchema<string> => schemaOf(isText, expected);

function atLeast(least: number): OptionSchema<number> {
  const is = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= least;
  return schemaOf(is, `a whole number of at least ${least}`);
}

function among<Name extends string>(...names: readonly Name[]): OptionSchema<Name> {
  const is = (value: unknown): value is Name => names.includes(value as Name);
  return schemaOf(is, names.join(", "));
}

/** A model on a server, by name: `tinker`. */
export const plugin: EnginePlugin<TinkerEngineOptions> = defineEngine<TinkerEngineOptions>({
  name: "tinker",
  options: {
    baseUrl: text("an address, e.g. http://127.0.0.1:8000"),
    tokenizer: text("a folder"),
    model: text("a name"),
    rank: atLeast(0),
    seed: atLeast(0),
    dialect: among("auto", "json", "protobuf"),
    reduction: among("auto", "sum", "datum-mean"),
    contextLength: atLeast(1),
    timeout: atLeast(1),
    heartbeat: atLeast(1),
  },
  async open({ model, options: { baseUrl = process.env.TINKER_BASE_URL, tokenizer, model: named, ...own } }) {
    if (baseUrl === undefined || baseUrl === "") {
      throw new RrrError("bad-argument", "engine tinker does not know where its server is", {
        hint: "Give --base-url, or set TINKER_BASE_URL.",
      });
    }
    const folder = tokenizer ?? (existsSync(model) ? model : undefined);
    if (folder === undefined) {
      throw new RrrError(
        "bad-argument",
        `engine tinker needs the tokenizer of ${model}, which servers do not send`,
        {
          hint: "Give --tokenizer a folder with its tokenizer.json, tokenizer_config.json and config.json.",
        },
      );
    }
    const apiKey = process.env.TINKER_API_KEY;
    return createTinkerEngine({
      ...own,
      ...(apiKey ? { apiKey } : {}),
      ...{ baseUrl, model: named ?? model, folder: resolve(folder) },
      tokenizer: await loadTokenizer(resolve(folder)),
    });
  },
});
