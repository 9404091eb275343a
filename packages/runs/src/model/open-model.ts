import { type Model, RrrError, type TemplateHistory } from "@rrr/core";
import type { Budget, BudgetLimits, ModelIdentity, OpenedModel, Price, ResponseCache } from "@rrr/models";
import { baseModelDir, createPolicy, type Engine, isAdapterDir, modelDirFiles } from "@rrr/trainer";
import type { Headers } from "../spec/headers.ts";
import type { ModelSpec, RunSpec } from "../spec/run-spec.ts";
import { cacheIdentity, lookAt, UNASKED } from "./look-at-server.ts";
import { contextOfEngine, contextOfLength, type ModelContext } from "./model-context.ts";
import { modelFolder } from "./model-folder.ts";
import { openRunEngine } from "./open-engine.ts";
import { optional } from "./optional.ts";

/** What a run may spend; left out: without limit. */
export interface SpendingLimits {
  /** Prompts included. */
  readonly tokens?: number;
  /** US dollars; needs prices. */
  readonly costUsd?: number;
  readonly timeMs?: number;
}

/** A model to be asked, not trained: within its limits, and with the cache around it. */
export interface SampledModel {
  readonly model: Model;
  readonly identity: ModelIdentity & { readonly systemRole?: "user" };
  /** What its chat template makes of earlier answers; undefined for a server's, which cannot be seen. */
  readonly history?: TemplateHistory;
  readonly budget: Budget;
  /** Undefined where nothing is kept. */
  readonly cache: ResponseCache | undefined;
  /** What a server's answers took beside asking for each; undefined for a model on this machine. */
  readonly traffic: OpenedModel["traffic"];
  /** Where it can be known. */
  context(): Promise<ModelContext | undefined>;
  /** What a request costs; undefined where nobody said. */
  readonly price: Price | undefined;
  /** Base URL of a server that may send a bill; undefined for any other model. */
  readonly paidServer: string | undefined;
  /** What is worth knowing before anything is asked. */
  readonly notes: readonly string[];
  close(): Promise<void>;
}

/** How a model behind a server is asked, beside what its spec says. */
export interface Asking {
  /** All headers, with their values. */
  readonly headers?: Headers;
  readonly systemRole?: "system" | "user";
  readonly onSystemRefused?: () => void;
  readonly onHopeless?: (error: RrrError) => void;
}

/** What runs on this machine costs nothing. */
const FREE: Price = { input: 0, output: 0 };

/**
 * Opens a model to be asked, not trained.
 * @param warn is told if the cache fails while it is in use; the answers go on without it
 * @throws RrrError `bad-argument`, `bad-cache`, `bad-model`, `runtime-failed`
 */
export async function openSampledModel(
  spec: Pick<RunSpec, "model" | "engine">,
  task: string,
  limits: SpendingLimits,
  warn: (text: string) => void,
  cwd: string,
  asking: Asking = {},
): Promise<SampledModel> {
  const { createBudget, openResponseCache, withBudget, withCache } = await models();
  const isHosted = spec.model.name.startsWith("openai:");
  const price = isHosted ? await priceFrom(spec.model, limits) : FREE;
  const keepsAnswers = spec.model.cache ?? isHosted;
  const onFailure = ({ message }: Error): void => warn(`${message}; answers are not kept from here on`);
  const cache = keepsAnswers ? await openResponseCache({ onFailure }) : undefined;
  const opened = await open(spec, task, cwd, asking);
  const { model, identity: bare, history, traffic, context, close } = opened;
  const server = isHosted ? await lookAt(spec.model, bare, asking) : UNASKED;
  const identity = { ...bare, ...server.identity };
  const budget = createBudget(limits satisfies BudgetLimits);
  const limited = withBudget(model, budget, price);
  return {
    // The cache outside: what it answers costs nothing.
    model: cache === undefined ? limited : withCache(limited, cache, cacheIdentity(identity, asking.headers)),
    // The cache knows what was asked by what the task says, wherever it stood.
    identity: asking.systemRole === "user" ? { ...identity, systemRole: "user" } : identity,
    ...(history === undefined ? {} : { history }),
    ...{ budget, cache, price, traffic, context, paidServer: server.paid },
    notes: [...opened.notes, ...(cache === undefined ? [] : server.notes)],
    async close() {
      await close();
      cache?.close();
    },
  };
}

const models = () => optional("@rrr/models", () => import("@rrr/models"));

async function open(
  spec: Pick<RunSpec, "model" | "engine">,
  task: string,
  cwd: string,
  asking: Asking,
): Promise<
  Pick<OpenedModel, "model" | "identity" | "history" | "traffic" | "close"> &
    Pick<SampledModel, "context" | "notes">
> {
  const { checkOpenOptions, OPENAI_URL, openModel, parseModelSpec } = await models();
  const { name, folder, baseUrl, apiKeyEnv, concurrency, headers: kept, ...others } = spec.model;
  const { reasoningEffort, timeoutMs, stream, body } = others;
  const isOnnx = name.startsWith("transformers:");
  const isEngines = spec.engine.name !== "onnx" && name !== "builtin";
  const parsed =
    (folder !== undefined && !isOnnx) || isEngines
      ? { kind: "folder" as const, path: folder ?? name }
      : parseModelSpec(name);
  const options = {
    ...(baseUrl === undefined ? {} : { baseURL: baseUrl }),
    ...(apiKeyEnv === undefined ? {} : { apiKeyEnv }),
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(reasoningEffort === undefined ? {} : { reasoningEffort }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(stream === undefined ? {} : { stream }),
    ...(body === undefined ? {} : { body }),
    ...(kept === undefined ? {} : { headers: asking.headers ?? {} }),
  };
  checkOpenOptions(parsed, options);
  if (parsed.kind === "openai" || parsed.kind === "transformers") {
    if (spec.engine.options.adapter !== undefined) {
      throw new RrrError("bad-argument", `an adapter is of a model folder, and ${name} is not read here`, {
        hint: "Give the server or the ONNX model the adapter, merged: rrr export-model --format model.",
      });
    }
    const named = parsed.kind === "openai" ? parsed : { ...parsed, name: folder ?? parsed.name };
    // The environment's server, where there was one, is in the spec.
    const asked =
      parsed.kind === "openai" ? { baseURL: OPENAI_URL, ...options, ...listeners(asking) } : options;
    const opened = await openModel(named, asked);
    return { ...opened, notes: [], context: async () => contextOfLength(await opened.contextLength()) };
  }
  const engine = await openRunEngine(spec, task, cwd, "sample");
  const identity = { model: name, source: await sourceOf(spec, task, engine) };
  const context = async () => contextOfEngine(engine);
  const model = createPolicy(engine, name);
  const { notes = [] } = engine;
  return { model, identity, history: model.history, context, notes, close: () => engine.close() };
}

function listeners({ headers: _, ...others }: Asking): Omit<Asking, "headers"> {
  return others;
}

/** What the weights are: a folder's hash, or their version where there is no folder. */
export async function sourceOf(
  { model, engine }: Pick<RunSpec, "model" | "engine">,
  task: string,
  opened: Engine,
): Promise<string> {
  const { folderHash } = await models();
  const isEmbedded = engine.name === "onnx";
  const isHere = model.folder !== undefined || model.name === "builtin";
  const folder = isHere ? await modelFolder(model, task) : undefined;
  const base = folder !== undefined && isEmbedded ? await baseModelDir(folder) : folder;
  const files =
    base === undefined
      ? undefined
      : await folderHash(base, isEmbedded ? await modelDirFiles(base) : undefined);
  // With an adapter the base's files are not all that it is.
  const isAdapted = base !== folder || engine.options.adapter !== undefined || (await holdsAdapter(base));
  const version =
    files === undefined || (isEmbedded && isAdapted) ? await opened.weightsVersion() : undefined;
  const source = [files, version].filter((part) => part !== undefined).join(" ");
  // Another device gives other bits, and so in time other tokens.
  if (isEmbedded && opened.runtime === undefined) return source;
  return [engine.name, opened.runtime, source].filter((part) => part !== undefined).join(" ");
}

async function holdsAdapter(folder: string | undefined): Promise<boolean> {
  return folder !== undefined && isAdapterDir(folder);
}

/** A price is needed only where the cost is limited. @throws RrrError `bad-argument` */
async function priceFrom(
  { name, prices: path }: ModelSpec,
  { costUsd }: SpendingLimits,
): Promise<Price | undefined> {
  const { priceOf, readPrices } = await models();
  const prices = path === undefined ? new Map<string, Price>() : await readPrices(path);
  const model = name.replace(/^openai:/, "");
  return costUsd === undefined ? prices.get(model) : priceOf(prices, model);
}
