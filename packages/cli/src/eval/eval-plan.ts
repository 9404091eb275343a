import type { IsolationSettings } from "@rrr/plugins";
import { DEFAULT_EVALUATION_SETTINGS, type EvaluationSettings } from "@rrr/trainer";
import type { ModelFlags } from "../commands/model-options.ts";
import type { TaskFlags } from "../commands/task-options.ts";
import type { OutputFlags } from "../run/run-output.ts";
import type { Bar } from "./bars.ts";

/** The options of `rrr eval`. */
export interface EvalFlags extends TaskFlags, IsolationSettings, ModelFlags, OutputFlags {
  readonly seed: number;
  readonly limit: number;
  readonly samples: number;
  readonly rounds: number;
  readonly temperature: number;
  readonly controls: boolean;
  readonly greedy?: true;
  readonly failBelow?: readonly Bar[];
  readonly out?: string;
}

/** What an evaluation will do, with nothing left open; kept in the run store. */
export interface EvalPlan {
  readonly heldOut: number;
  readonly evaluation: EvaluationSettings;
}

/** Requests that a server gets at once where nothing else is said. */
const SERVER_CONCURRENCY = 64;

export function toEvalPlan(flags: EvalFlags): EvalPlan {
  const { seed, samples, rounds, temperature, controls, greedy = false } = flags;
  const usual = flags.model.startsWith("openai:")
    ? SERVER_CONCURRENCY
    : DEFAULT_EVALUATION_SETTINGS.concurrency;
  const concurrency = flags.concurrency ?? usual;
  const chosen = { seed, samples, rounds, temperature, controls, greedy, concurrency };
  return { heldOut: flags.limit, evaluation: { ...DEFAULT_EVALUATION_SETTINGS, ...chosen } };
}
