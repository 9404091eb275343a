import { statSync } from "node:fs";
import { resolve } from "node:path";
import { messageOf, RrrError, type TokenLimits } from "@rrr/core";
import { located } from "@rrr/plugins";
import {
  checkEvaluationSettings,
  checkMiningSettings,
  checkTrainSettings,
  DEFAULT_EVALUATION_SETTINGS,
  DEFAULT_MINING_SETTINGS,
  type Schedule,
  TRAIN_SETTINGS,
  type TrainSettingsName,
} from "@rrr/trainer";
import { checkpointNamed, checkpointOfRun } from "../model/checkpoint-of-run.ts";
import { type Bar, checkBars } from "./bars.ts";
import { checkRequest } from "./check-request.ts";
import { EMBEDDED, forcedEngine } from "./forced-engine.ts";
import { keptHeaders } from "./headers.ts";
import type { RunRetry } from "./run-retry.ts";
import type {
  EngineSpec,
  ModelSpec,
  PlannedEvaluation,
  PlannedMining,
  PlannedTraining,
  RunPlan,
  RunSpec,
  TaskSpec,
  TrainingPlan,
} from "./run-spec.ts";

/** What to do, with everything left out that has a default. */
export interface RunRequest {
  /** Short name, package or path of the plugin; or that with its options. */
  readonly task: string | (Partial<Omit<TaskSpec, "presetFrom">> & Pick<TaskSpec, "module">);
  /** Default: the built-in model of the task. */
  readonly model?: string | ModelSpec;
  /** Default: `onnx`. */
  readonly engine?: string | (Partial<EngineSpec> & Pick<EngineSpec, "name">);
  readonly plan: EvaluationRequest | TrainingRequest;
  /** The most tokens of each turn. Default: the task's own, or what suits the model. */
  readonly limits?: Partial<TokenLimits>;
  /** How retries are asked for. Default: in the task's layout, at the temperature of attempts. */
  readonly retry?: Partial<RunRetry>;
  /** What of `limits` and the preset comes from a configuration: `preset`, `attempt`, `reflection`, `retry`. */
  readonly configured?: readonly ("preset" | keyof TokenLimits)[];
}

export interface EvaluationRequest {
  readonly kind: "evaluate";
  readonly seed?: number;
  /** Default 200. */
  readonly problems?: number;
  readonly evaluation?: Partial<PlannedEvaluation>;
  readonly bars?: readonly Bar[];
  /** Share of problems that may error. Default 0.05. */
  readonly mostErrored?: number;
}

export interface TrainingRequest {
  readonly kind: "train";
  readonly seed?: number;
  /** Default 500: intervals of about ±4 points. */
  readonly problems?: number;
  /** The trainer's settings that the others are changes of. Default: what suits model and engine. */
  readonly settings?: TrainSettingsName;
  readonly evaluation?: Partial<PlannedEvaluation>;
  readonly mining?: Partial<PlannedMining>;
  readonly train?: Partial<Omit<PlannedTraining, "schedule">> & { readonly schedule?: Partial<Schedule> };
  /** Default 10. */
  readonly stepsPerCheckpoint?: number;
  /** Newest checkpoints that stay, beside the best one. Default 2. */
  readonly checkpoints?: number;
  /**
   * Held-out problems of their own that choose the checkpoint which counts; 0: the last one does. Default: 64 with the
   * settings `lora-small`, where the task has so many, else 0.
   */
  readonly keepBest?: number;
  /**
   * Train also where a look says that there is nothing to learn from, on where the policy collapses, and where the engine
   * estimates that the memory is too small.
   */
  readonly force?: boolean;
  /** Share of problems that may error. Default 0.05. */
  readonly mostErrored?: number;
}

/** Tells a checkpoint that is 20 points better from another in most cases, for the work of two steps. */
const PROBE = 64;
/** Requests that a server gets at once where nothing else is said. */
const SERVER_CONCURRENCY = 64;

/**
 * A request with nothing left open.
 * @param cwd that paths in it are relative to
 * @throws RrrError `bad-argument` for what is unknown or out of range, and for bars on what is not measured
 */
export function toRunSpec(request: RunRequest, cwd: string): RunSpec {
  checkRequest(request);
  const { task, model = "builtin", engine = "onnx", plan, retry = {} } = request;
  const named = typeof model === "string" ? { name: model } : model;
  const opened = toEngineSpec(typeof engine === "string" ? { name: engine } : engine, cwd);
  const spec: RunSpec = {
    task: toTaskSpec(typeof task === "string" ? { module: task } : task, cwd),
    model: toModelSpec(named, cwd),
    engine: plan.kind === "train" && plan.force === true ? forcedEngine(opened) : opened,
    plan: plan.kind === "train" ? toTrainingPlan(plan) : toEvaluationPlan(plan, named),
  };
  checkPlain(spec);
  if (retry.temperature === 0) refuseWithoutTemperature(named.body, "a greedy retry");
  return spec;
}

/** A spec is kept as JSON. */
function checkPlain(spec: RunSpec): void {
  try {
    JSON.stringify(spec);
  } catch (cause) {
    throw new RrrError("bad-argument", `options of a run must be plain data: ${messageOf(cause)}`, { cause });
  }
}

function toTaskSpec(
  { module, options = {}, isolate }: Partial<TaskSpec> & Pick<TaskSpec, "module">,
  cwd: string,
): TaskSpec {
  return {
    module: absolute(module, cwd),
    options: located(withoutUndefined(options), cwd),
    ...(isolate === undefined ? {} : { isolate }),
  };
}

function toEngineSpec(
  { name, options = {} }: Partial<EngineSpec> & Pick<EngineSpec, "name">,
  cwd: string,
): EngineSpec {
  // Its package's name is a name of the embedded engine too.
  const known = name === "@rrr/engine-onnx" ? EMBEDDED : absolute(name, cwd);
  return { name: known, options: withPaths(withoutUndefined(options), cwd) };
}

/** What a path looks like in an engine's own options holds in any working directory, as the engine's name does. */
function withPaths(options: EngineSpec["options"], cwd: string): EngineSpec["options"] {
  const isPath = (value: unknown): value is string => typeof value === "string" && RELATIVE.test(value);
  const entries = Object.entries(options).map(([name, value]) => [
    name,
    isPath(value) ? resolve(cwd, value) : value,
  ]);
  return Object.fromEntries(entries);
}

function toModelSpec(model: ModelSpec, cwd: string): ModelSpec {
  // A folder that is there needs no `./`.
  const named = resolve(cwd, model.name.replace(/^transformers:/, ""));
  const isThere = statSync(named, { throwIfNoEntry: false })?.isDirectory();
  const folder = (isThere ? undefined : checkpointNamed(model.name, cwd)) ?? named;
  const isFolder = model.name !== "builtin" && statSync(folder, { throwIfNoEntry: false })?.isDirectory();
  const prices = model.prices === undefined ? {} : { prices: resolve(cwd, model.prices) };
  const given = model.folder === undefined ? {} : { folder: resolve(cwd, model.folder) };
  const headers = model.headers === undefined ? {} : { headers: keptHeaders(model.headers) };
  const server = model.name.startsWith("openai:") ? serverOf(model) : {};
  return withoutUndefined({
    ...model,
    ...server,
    ...(isFolder ? { folder: checkpointOfRun(folder) } : {}),
    ...given,
    ...prices,
    ...headers,
  });
}

/** The environment's server is kept with the run: who resumes it may have another. */
function serverOf({ baseUrl }: ModelSpec): Pick<ModelSpec, "baseUrl"> {
  const found = baseUrl ?? process.env.OPENAI_BASE_URL;
  return found ? { baseUrl: found } : {};
}

const RELATIVE = /^\.{1,2}([\\/]|$)/;

/** A path holds in any working directory; a name stays one. */
function absolute(name: string, cwd: string): string {
  const isPath = RELATIVE.test(name) || /\.([cm]?js|m?ts)$/.test(name);
  return isPath && !name.startsWith("~") ? resolve(cwd, name) : name;
}

export function toEvaluationPlan(
  request: EvaluationRequest,
  { name, concurrency, body }: ModelSpec,
): RunPlan {
  const { seed = 0, problems = 200, evaluation = {}, bars = [], mostErrored } = request;
  const usual = name.startsWith("openai:") ? SERVER_CONCURRENCY : DEFAULT_EVALUATION_SETTINGS.concurrency;
  const defaults = { ...DEFAULT_EVALUATION_SETTINGS, greedy: false, concurrency: concurrency ?? usual };
  const planned = { ...defaults, ...withoutUndefined(evaluation), seed };
  checkEvaluationSettings(planned);
  checkBars(bars, planned);
  if (planned.greedy) refuseWithoutTemperature(body, "greedy decoding");
  return {
    ...{ kind: "evaluate", seed, problems, evaluation: planned },
    ...(bars.length === 0 ? {} : { bars }),
    ...(mostErrored === undefined ? {} : { mostErrored }),
  };
}

/** A server that is told no temperature samples at its own. */
function refuseWithoutTemperature(body: ModelSpec["body"], wanted: string): void {
  if (body?.temperature !== null) return;
  throw new RrrError("bad-argument", `${wanted} needs the field temperature, which is left out`, {
    hint: "Leave out one of the two.",
  });
}

/** @param chosen the settings, where the request names none, and why these */
export function toTrainingPlan(
  request: TrainingRequest,
  { name, from }: NonNullable<TrainingPlan["settings"]> = { name: "builtin", from: "other" },
): TrainingPlan {
  const { seed = 0, problems = 500, stepsPerCheckpoint = 10, mostErrored } = request;
  const settings = request.settings ?? name;
  const { reference: _, firstStep: __, onSampled: ___, ...preset } = TRAIN_SETTINGS[settings];
  const { schedule = {}, ...asked } = request.train ?? {};
  const planned = { ...preset.schedule, ...withoutUndefined(schedule) };
  const train = { ...preset, ...withoutUndefined(asked), schedule: planned, seed } as PlannedTraining;
  const { attempts, limit, maxItems, concurrency } = DEFAULT_MINING_SETTINGS;
  // A short run looks at each failure once at most; there is no use in collecting more.
  const most = Math.min(limit, train.steps * train.failuresPerStep);
  const mining = { attempts, limit: most, maxItems, concurrency, ...withoutUndefined(request.mining ?? {}) };
  const evaluation = { ...DEFAULT_EVALUATION_SETTINGS, ...withoutUndefined(request.evaluation ?? {}), seed };
  checkEvaluationSettings(evaluation);
  checkMiningSettings({ ...mining, seed, temperature: 1 });
  checkTrainSettings({ ...train, firstStep: 0 });
  const { force = false, checkpoints = 2, keepBest = settings === "lora-small" ? PROBE : 0 } = request;
  return {
    ...{ kind: "train", seed, problems, stepsPerCheckpoint, train, mining, evaluation },
    settings: { name: settings, from: request.settings === undefined ? from : "option" },
    // Random rewards are there to show that nothing improves: a fall is what they may show.
    rails: { stops: !force && train.reward !== "random", checkpoints, probe: keepBest },
    ...(mostErrored === undefined ? {} : { mostErrored }),
  };
}

function withoutUndefined<Of extends object>(of: Of): Of {
  return Object.fromEntries(Object.entries(of).filter(([, value]) => value !== undefined)) as Of;
}
