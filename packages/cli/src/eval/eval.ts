import { RrrError } from "@rrr/core";
import type { IsolationSettings } from "@rrr/plugins";
import { BAR_MEASURES, type Bar, parseBar, type RunRequest, type SpendingLimits, startRun } from "@rrr/runs";
import { type EngineFlags, toEngineSpec } from "../commands/engine-options.ts";
import type { LimitFlags, RequestedLimits } from "../commands/limit-options.ts";
import type { ModelFlags } from "../commands/model-options.ts";
import { type RetryFlags, toRetryRequest } from "../commands/retry-options.ts";
import { type TaskFlags, toTaskOptions } from "../commands/task-options.ts";
import { complain } from "../output/print.ts";
import { follow, type OutputFlags } from "../run/follow.ts";

/** The options of `rrr eval`. */
export interface EvalFlags
  extends TaskFlags,
    IsolationSettings,
    ModelFlags,
    LimitFlags,
    RetryFlags,
    EngineFlags,
    OutputFlags {
  readonly seed: number;
  /** Default: 200, or all problems where all are held out. */
  readonly limit?: number;
  readonly samples: number;
  readonly rounds: number;
  readonly temperature: number;
  readonly controls: boolean;
  readonly greedy?: true;
  /** As `after=0.4` each. */
  readonly failBelow?: readonly string[];
  /** Per cent. */
  readonly maxErrored?: number;
  readonly out?: string;
}

/** Enough for a first look: intervals of about ±7 points. */
const PROBLEMS = 200;
/** More than any task has. */
const EVERY_PROBLEM = Number.MAX_SAFE_INTEGER;

/** `rrr eval` */
export async function evaluatePlugin(
  module: string,
  flags: EvalFlags,
  requested: RequestedLimits,
): Promise<void> {
  const { out } = flags;
  const bars = (flags.failBelow ?? []).map(toBar);
  const request = { ...toRequest(module, flags, bars), ...requested };
  const limits = toLimits(flags);
  await follow(() => startRun(request, { out, limits, onWarning: complain }), flags);
}

/** @throws RrrError `bad-argument` */
function toBar(text: string): Bar {
  const bar = parseBar(text);
  if (bar !== undefined) return bar;
  throw new RrrError("bad-argument", `--fail-below ${text}: it must be a measure and a share from 0 to 1`, {
    hint: `Write after=0.4, for example. Measures: ${BAR_MEASURES.join(", ")}, after2, ….`,
  });
}

function toRequest(module: string, flags: EvalFlags, bars: readonly Bar[]): RunRequest {
  const { model: name, baseUrl, apiKeyEnv, concurrency, prices, cache, isolate } = flags;
  const { reasoningEffort, timeout: timeoutMs, stream, header: headers, body } = flags;
  const { maxErrored, seed, samples, rounds, temperature, controls, greedy = false } = flags;
  const given = {
    ...{ baseUrl, apiKeyEnv, concurrency, prices, cache },
    ...{ reasoningEffort, timeoutMs, stream, headers, body },
  };
  const options = toTaskOptions(flags);
  const problems = flags.limit ?? (options.split === "all" ? EVERY_PROBLEM : PROBLEMS);
  const model = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return {
    task: { module, options, ...(isolate === undefined ? {} : { isolate }) },
    model: { name, ...model },
    engine: toEngineSpec(flags),
    ...toRetryRequest(flags),
    plan: {
      ...{ kind: "evaluate", seed, problems, bars },
      ...(maxErrored === undefined ? {} : { mostErrored: maxErrored / 100 }),
      evaluation: { samples, rounds, temperature, controls, greedy },
    },
  };
}

/** What may be spent, as the flags say it. */
export function toLimits(flags: Pick<ModelFlags, "maxTokensTotal" | "maxCost" | "maxTime">): SpendingLimits {
  const { maxTokensTotal, maxCost, maxTime } = flags;
  return {
    ...(maxTokensTotal === undefined ? {} : { tokens: maxTokensTotal }),
    ...(maxCost === undefined ? {} : { costUsd: maxCost }),
    ...(maxTime === undefined ? {} : { timeMs: maxTime }),
  };
}
