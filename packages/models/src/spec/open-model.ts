import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { type Model, RrrError, type TemplateHistory } from "@rrr/core";
import type { ModelIdentity } from "../cache/model-identity.ts";
import { createOpenAIModel } from "../openai/openai-model.ts";
import type { Traffic } from "../remote/traffic.ts";
import { createTransformersModel } from "../transformers/transformers-model.ts";
import { folderHash } from "./folder-hash.ts";
import type { ModelSpec } from "./model-spec.ts";

/** How to reach a model; each is for one kind of model only. */
export interface OpenModelOptions {
  /** `openai`: the server, up to and including the version. Default: OpenAI's own. */
  readonly baseURL?: string;
  /** `openai`: the environment variable that holds the key. Default: OPENAI_API_KEY. */
  readonly apiKeyEnv?: string;
  /** `openai`: most requests in flight. */
  readonly concurrency?: number;
}

/** A model, ready to be asked. */
export interface OpenedModel {
  readonly model: Model;
  /** What its answers depend on besides the request: the cache's key. */
  readonly identity: ModelIdentity;
  /** What its chat template makes of earlier answers; undefined for a server's, which cannot be seen. */
  readonly history?: TemplateHistory;
  readonly trainable: boolean;
  /** What it took so far to get the answers, from a model on a server. */
  traffic?(): Traffic;
  close(): Promise<void>;
}

/**
 * Opens a model that is only sampled. Keys come from the environment alone.
 * Trainable models (`folder`, `builtin`) are opened by an engine: see `openEngine` of @rrr/plugins.
 * @throws RrrError `bad-argument`, `bad-model`; `runtime-failed` if @huggingface/transformers is not installed
 */
export async function openModel(
  spec: Extract<ModelSpec, { kind: "openai" | "transformers" }>,
  options: OpenModelOptions = {},
): Promise<OpenedModel> {
  checkOpenOptions(spec, options);
  return spec.kind === "openai" ? openOpenAI(spec.name, options) : openTransformers(spec.name);
}

/** @throws RrrError `bad-argument` for options that mean nothing to this kind of model */
export function checkOpenOptions({ kind }: ModelSpec, { baseURL, apiKeyEnv }: OpenModelOptions): void {
  if (kind === "openai" || (baseURL ?? apiKeyEnv) === undefined) return;
  throw new RrrError(
    "bad-argument",
    `a base URL and a key are for openai:NAME, not for a model of kind ${kind}`,
    {
      hint: "Leave them out, or write --model openai:NAME.",
    },
  );
}

function openOpenAI(name: string, options: OpenModelOptions): OpenedModel {
  const { baseURL, apiKeyEnv, concurrency } = options;
  const model = createOpenAIModel({
    model: name,
    ...(baseURL === undefined ? {} : { baseURL }),
    ...(apiKeyEnv === undefined ? {} : { apiKey: readKey(apiKeyEnv) }),
    ...(concurrency === undefined ? {} : { concurrency }),
  });
  const { identity, traffic } = model;
  return { model, identity, trainable: false, traffic, close: () => model.close() };
}

function readKey(variable: string): string {
  const key = process.env[variable];
  if (key) return key;
  // A key that was given in place of a name must not reach the terminal.
  const named = /^[A-Z_][A-Z0-9_]*$/.test(variable) ? variable : "that --api-key-env names";
  throw new RrrError("bad-argument", `the environment variable ${named} is not set`, {
    hint: "Give the name of the variable that holds the key, not the key itself.",
  });
}

/** What transformers.js reads of a folder. */
async function transformersFiles(folder: string): Promise<readonly string[]> {
  const beside = (await readdir(folder)).filter((name) => /\.(json|jinja)$/.test(name));
  const weights = await readdir(join(folder, "onnx"), { withFileTypes: true });
  return [...beside, ...weights.filter((entry) => entry.isFile()).map(({ name }) => join("onnx", name))];
}

async function openTransformers(name: string): Promise<OpenedModel> {
  const model = await createTransformersModel({ model: name });
  const source = existsSync(name)
    ? await folderHash(name, await transformersFiles(name))
    : "https://huggingface.co";
  const identity = { model: `transformers:${name}`, source };
  return { model, identity, history: model.history, trainable: false, close: () => model.close() };
}
