import type { CountdownOptions } from "@rrr/task-countdown";
import type { FunctionCallingOptions } from "@rrr/task-function-calling";

/** What the commands take from `rrr.config.ts` where the command line says nothing; each option as in its help. */
export interface Config {
  /** Options of tasks, by what names the task on the command line: short name, package or path. */
  readonly tasks?: TaskSections;
  readonly run?: RunDefaults;
  readonly eval?: EvalDefaults;
  readonly verify?: VerifyDefaults;
  readonly prompts?: PromptsDefaults;
  readonly check?: CheckDefaults;
  readonly serve?: ServeDefaults;
  readonly view?: ViewDefaults;
}

/** Other plugins' options by their types: `{ digits: 4 } satisfies OptionsOf<typeof squares>`. */
export interface TaskSections {
  readonly countdown?: CountdownOptions;
  readonly "function-calling"?: FunctionCallingOptions;
  readonly [plugin: string]: object | undefined;
}

/** The options that a plugin's factory takes. */
export type OptionsOf<Factory extends (options: never) => unknown> = NonNullable<Parameters<Factory>[0]>;

/** Where a verifier runs. */
export type Isolation = "worker" | "process" | "none";

/** Defaults of `rrr run`. */
export interface RunDefaults {
  readonly seed?: number;
  readonly limit?: number;
  readonly model?: string;
  readonly engine?: string;
  readonly device?: "cpu" | "webgpu";
  readonly threads?: number;
  readonly memory?: string;
  /** Of an engine on a server; with `tokenizer`, a folder. */
  readonly baseUrl?: string;
  readonly tokenizer?: string;
  readonly adapter?: string;
  readonly lora?: number;
  readonly loraAlpha?: number;
  /** A list, or as on the command line: `"q_proj,v_proj"`. */
  readonly loraTargets?: string | readonly string[];
  readonly settings?: "builtin" | "lora-small" | "paper";
  readonly maxTokens?: number;
  readonly maxTokensAttempt?: number;
  readonly maxTokensReflection?: number;
  readonly maxTokensRetry?: number;
  readonly retryLayout?: "conversation" | "note";
  readonly retryTemperature?: number;
  readonly reward?: "retry" | "random";
  readonly steps?: number;
  readonly learningRate?: number;
  readonly schedule?: "constant" | "linear" | "cosine";
  readonly warmup?: number;
  readonly failuresPerStep?: number;
  readonly groupSize?: number;
  readonly updates?: number;
  readonly normalization?: "grpo" | "dapo" | "dr_grpo";
  readonly advantageScale?: "std" | "none";
  readonly advantageBaseline?: "mean" | "leave-one-out";
  readonly surrogate?: "ppo" | "gspo" | "cispo";
  /** One for both sides, or low and high; or as on the command line: `"0.2,0.28"`. */
  readonly clip?: number | string | readonly [low: number, high: number];
  readonly kl?: number;
  readonly klPenalty?: "k3-loss" | "k1-reward";
  readonly entropy?: number;
  readonly importanceCap?: number;
  readonly refills?: number;
  readonly weightDecay?: number;
  readonly maxGradNorm?: number;
  readonly failures?: number;
  readonly attempts?: number;
  readonly checkpointEvery?: number;
  readonly keepCheckpoints?: number;
  readonly keepBest?: number;
  readonly force?: boolean;
  readonly isolate?: Isolation;
  readonly train?: boolean;
  /** True: `tensorboard/` in the run folder. */
  readonly tensorboard?: boolean | string;
  readonly quiet?: boolean;
  /** Per cent of the problems. */
  readonly maxErrored?: number;
}

/** Defaults of `rrr eval`. */
export interface EvalDefaults {
  readonly model?: string;
  readonly engine?: string;
  readonly device?: "cpu" | "webgpu";
  readonly threads?: number;
  readonly memory?: string;
  readonly adapter?: string;
  readonly baseUrl?: string;
  readonly apiKeyEnv?: string;
  readonly prices?: string;
  readonly maxTokens?: number;
  readonly maxTokensAttempt?: number;
  readonly maxTokensReflection?: number;
  readonly maxTokensRetry?: number;
  readonly retryLayout?: "conversation" | "note";
  readonly retryTemperature?: number;
  readonly maxTokensTotal?: number;
  /** US dollars. */
  readonly maxCost?: number;
  /** As on the command line: `"30m"`. */
  readonly maxTime?: string;
  readonly concurrency?: number;
  readonly cache?: boolean;
  readonly reasoningEffort?: string;
  /** As on the command line: `"90s"`. */
  readonly timeout?: string;
  readonly stream?: boolean;
  /** As on the command line: `"x-team: blue"`. */
  readonly header?: string;
  /** As on the command line: JSON. */
  readonly body?: string;
  readonly limit?: number;
  readonly samples?: number;
  readonly rounds?: number;
  readonly temperature?: number;
  readonly seed?: number;
  readonly controls?: boolean;
  readonly greedy?: boolean;
  /** As on the command line: `"after=0.4"`. */
  readonly failBelow?: string;
  /** Per cent of the problems. */
  readonly maxErrored?: number;
  readonly isolate?: Isolation;
  readonly quiet?: boolean;
}

/** Defaults of `rrr verify`. */
export interface VerifyDefaults {
  readonly isolate?: Isolation;
  readonly quiet?: boolean;
}

/** Defaults of `rrr prompts`. */
export interface PromptsDefaults {
  readonly retryLayout?: "conversation" | "note";
  readonly model?: string;
  readonly seed?: number;
}

/** Defaults of `rrr check`. */
export interface CheckDefaults {
  readonly seed?: number;
  readonly count?: number;
  readonly patience?: number;
}

/** Defaults of `rrr serve`: some are for a task, some for a model. */
export interface ServeDefaults {
  readonly port?: number;
  readonly host?: string;
  readonly apiKeyEnv?: string;
  readonly protocol?: "rrr" | "nemo-gym" | "openrlhf" | "openenv";
  readonly isolate?: Isolation;
  readonly retryLayout?: "conversation" | "note";
  readonly seed?: number;
  readonly maxBatch?: number;
  /** MiB */
  readonly maxBody?: number;
  readonly engine?: string;
  readonly adapter?: string;
  readonly device?: "cpu" | "webgpu";
  readonly threads?: number;
  readonly memory?: string;
  readonly name?: string;
  readonly lora?: boolean;
  readonly checkpoints?: string;
}

/** Defaults of `rrr view`; which task is tried stands on the command line alone. */
export interface ViewDefaults {
  readonly port?: number;
  readonly open?: boolean;
  readonly model?: string;
  readonly baseUrl?: string;
  readonly apiKeyEnv?: string;
  readonly prices?: string;
  readonly maxTokens?: number;
  readonly maxTokensAttempt?: number;
  readonly maxTokensReflection?: number;
  readonly maxTokensRetry?: number;
  readonly maxTokensTotal?: number;
  /** US dollars. */
  readonly maxCost?: number;
  /** As on the command line: `"30m"`. */
  readonly maxTime?: string;
  readonly isolate?: Isolation;
}

/** Types a configuration; it is returned as it is. @example export default defineConfig({ run: { steps: 50 } }) */
export function defineConfig(config: Config): Config {
  return config;
}
