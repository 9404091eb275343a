import type { TaskOptions } from "@rrr/plugins";
import type {
  EvaluationSettings,
  MiningSettings,
  NamedReward,
  TrainSettings,
  TrainSettingsName,
} from "@rrr/trainer";
import type { Bar } from "./bars.ts";
import type { KeptHeaders } from "./headers.ts";
import type { RunLimits } from "./run-limits.ts";
import type { RunRetry } from "./run-retry.ts";

/**
 * What a run does, with nothing left open: kept with the run, so that it can be resumed by anybody. It holds no secrets,
 * and its paths are absolute.
 */
export interface RunSpec {
  readonly task: TaskSpec;
  readonly model: ModelSpec;
  /** What samples and trains a model whose weights are here. */
  readonly engine: EngineSpec;
  readonly plan: RunPlan;
  /** Absent in runs of earlier versions: there, the task's own. */
  readonly limits?: RunLimits;
  /** Absent in runs of earlier versions: there, a conversation at the temperature of attempts. */
  readonly retry?: RunRetry;
}

/** `builtin`, `other`: the plugin, for the built-in model or for others. */
export type PresetSource = "option" | "configuration" | "builtin" | "other";

export interface TaskSpec {
  /** Short name, package or path of the plugin. */
  readonly module: string;
  /** What its factory is called with. */
  readonly options: TaskOptions;
  /** Who named the preset among the options; absent where nobody did, and in runs of earlier versions. */
  readonly presetFrom?: PresetSource;
  /** Where its verifier runs. Default: none for tasks that come with rrr, a process for all others. */
  readonly isolate?: "worker" | "process" | "none";
}

export interface ModelSpec {
  /** `builtin`, a folder, `openai:NAME`, `transformers:ID`, or what the engine knows it by. */
  readonly name: string;
  /** The folder that the name means, absolute, where it means one. */
  readonly folder?: string;
  /** Server of `openai:NAME`. Default: OPENAI_BASE_URL of the environment when the run begins, else OpenAI's own. */
  readonly baseUrl?: string;
  /** Environment variable that holds the key. */
  readonly apiKeyEnv?: string;
  /** Requests that a server gets at once. */
  readonly concurrency?: number;
  /** File of prices, US dollars per million tokens. */
  readonly prices?: string;
  /** Whether answers are kept on disk and kept ones used. Default: for models behind a server. */
  readonly cache?: boolean;
  /** How much a model that reasons is to think, as its server calls it. */
  readonly reasoningEffort?: string;
  /** Deadline of one request. Default: 10 minutes. */
  readonly timeoutMs?: number;
  /** Answers in pieces. */
  readonly stream?: boolean;
  /** More headers of requests. In the spec of a run, null: a value that may be a secret and is not kept. */
  readonly headers?: KeptHeaders;
  /** More fields of requests; null leaves out one of ours. */
  readonly body?: Readonly<Record<string, unknown>>;
}

export interface EngineSpec {
  /** Short name, package or path of the engine. */
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
}

export type RunPlan = EvaluationPlan | TrainingPlan;

/** Measure a model. */
export interface EvaluationPlan {
  readonly kind: "evaluate";
  readonly seed: number;
  /** Held-out problems at most; a task may have fewer. */
  readonly problems: number;
  readonly evaluation: PlannedEvaluation;
  /** Shares that must be reached. */
  readonly bars?: readonly Bar[];
  /** Share of problems that may error: with more the figures do not count as made. Default: `MOST_ERRORED`. */
  readonly mostErrored?: number;
}

/** Evaluate, collect failures, train, evaluate again. */
export interface TrainingPlan {
  readonly kind: "train";
  readonly seed: number;
  readonly problems: number;
  readonly evaluation: PlannedEvaluation;
  readonly mining: PlannedMining;
  readonly train: PlannedTraining;
  /** A checkpoint every so many steps: what an interrupted run loses at most. */
  readonly stepsPerCheckpoint: number;
  /** The settings that all others are changes of. Absent in runs of earlier versions. */
  readonly settings?: { readonly name: TrainSettingsName; readonly from: SettingsFrom };
  /** Absent in runs of earlier versions, which have none. */
  readonly rails?: GuardRails;
  /** As for an evaluation. */
  readonly mostErrored?: number;
}

/** `builtin`: for a built-in model. `lora`: the engine trains an adapter. `size`: the model is large. `other`: it is not. */
export type SettingsFrom = "option" | "builtin" | "lora" | "size" | "other";

/** What keeps a run from training in vain. */
export interface GuardRails {
  /**
   * Whether a look before the first update that finds nothing to learn from ends the run, and whether training ends where
   * it has destroyed the policy. False: both are said, and the run goes on.
   */
  readonly stops: boolean;
  /** Newest checkpoints that stay; the best one does in any case. */
  readonly checkpoints: number;
  /**
   * Held-out problems, none of those that `before` and `after` are measured on, that choose the checkpoint which counts.
   * 0: the last one does.
   */
  readonly probe: number;
}

/** What a run says once, for all that it samples. */
type SaidOnce = "signal" | "limits" | "verifyTimeoutMs" | "retryLayout" | "retryTemperature";

export type PlannedEvaluation = Omit<EvaluationSettings, SaidOnce>;
export type PlannedMining = Pick<MiningSettings, "attempts" | "limit" | "maxItems" | "concurrency">;
export type PlannedTraining = Omit<
  TrainSettings,
  SaidOnce | "rounds" | "reference" | "firstStep" | "reward" | "onSampled"
> & { readonly reward: NamedReward };
