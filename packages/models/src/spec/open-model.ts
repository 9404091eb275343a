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
  /** `openai`: the server, up to and including the version. Default: OPENAI_BASE_URL, else OpenAI's own. */
  readonly baseURL?: string;
  /** `openai`: the environment variable that holds the key. Default: OPENAI_API_KEY. */
  readonly apiKeyEnv?: string;
  /** `openai`: most requests in flight. */
  readonly concurrency?: number;
  /** `openai`: how much a model that reasons is to think, as its server calls it: `low`, `high`. */
  readonly reasoningEffort?: string;
  /** `openai`: deadline of one request. */
  readonly timeoutMs?: number;
  /** `openai`: answers in pieces. */
  readonly stream?: boolean;
  /** `openai`: more headers. Their values are kept as secret as the key. */
  readonly headers?: Readonly<Record<string, string>>;
  /** `openai`: more fields of every request; null leaves out one of ours. */
  readonly body?: Readonly<Record<string, unknown>>;
  /** `openai`: see `OpenAIModelSettings`. */
  readonly systemRole?: "system" | "user";
  readonly onSystemRefused?: () => void;
  readonly onHopeless?: (error: RrrError) => void;
}

/** Options of one kind of model, as the errors call them. */
const OF_OPENAI = {
  baseURL: "a base URL",
  apiKeyEnv: "a key",
  reasoningEffort: "a reasoning effort",
  timeoutMs: "a timeout",
  stream: "streaming",
  headers: "headers",
  body: "fields of requests",
} as const;

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
  /** The longest conversation in tokens, where its files or its server tell it. */
  contextLength(): Promise<number | undefined>;
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
export function checkOpenOptions({ kind }: ModelSpec, options: OpenModelOptions): void {
  if (kind === "openai") return;
  const names = Object.keys(OF_OPENAI) as (keyof typeof OF_OPENAI)[];
  const wrong = names.filter((name) => options[name] !== undefined).map((name) => OF_OPENAI[name]);
  if (wrong.length === 0) return;
  const what = new Intl.ListFormat("en-GB").format(wrong);
  throw new RrrError("bad-argument", `only openai:NAME takes ${what}: this model is of kind ${kind}`, {
    hint: "Leave them out, or write --model openai:NAME.",
  });
}

function openOpenAI(name: string, options: OpenModelOptions): OpenedModel {
  const { apiKeyEnv, reasoningEffort, body = {}, ...others } = options;
  const effort = reasoningEffort === undefined ? {} : { reasoning_effort: reasoningEffort };
  // JSON has no other word for a field that is to be left out.
  const fields = Object.entries({ ...effort, ...body }).map(([field, value]) => [field, value ?? undefined]);
  const model = createOpenAIModel({
    ...others,
    ...{ model: name, body: Object.fromEntries(fields) },
    ...(apiKeyEnv === undefined ? {} : { apiKey: readKey(apiKeyEnv) }),
  });
  const { identity, traffic, contextLength, close } = model;
  return { model, identity, trainable: false, traffic, contextLength, close };
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
  const contextLength = async () => (Number.isFinite(model.contextLength) ? model.contextLength : undefined);
  const { history, close } = model;
  return { model, identity, history, trainable: false, contextLength, close };
}
