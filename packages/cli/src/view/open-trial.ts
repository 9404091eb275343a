import type { Task, TokenLimits } from "@rrr/core";
import { type IsolationSettings, isolatePlugin, loadTask } from "@rrr/plugins";
import { openSampledModel, type SampledModel } from "@rrr/runs";
import { createTrial, type Trial } from "@rrr/server/view";
import type { LimitFlags } from "../commands/limit-options.ts";
import type { ModelFlags } from "../commands/model-options.ts";
import { type TaskFlags, toTaskOptions } from "../commands/task-options.ts";
import { say } from "../output/print.ts";

/** What may be tried in the page: only what stands on the command line is loaded. */
export interface TrialFlags
  extends TaskFlags,
    LimitFlags,
    IsolationSettings,
    Partial<
      Pick<
        ModelFlags,
        "model" | "baseUrl" | "apiKeyEnv" | "maxTokensTotal" | "maxCost" | "maxTime" | "prices"
      >
    > {
  readonly plugin?: string;
}

/** Of models that a task's own limits are not made for. */
const OTHERS: TokenLimits = { attempt: 4_096, reflection: 1_024 };

/** @returns undefined without a task. @throws RrrError as loading either of them does */
export async function openTrial(flags: TrialFlags): Promise<Trial | undefined> {
  const { plugin, model } = flags;
  if (plugin === undefined) return undefined;
  const options = toTaskOptions(flags);
  const task = await isolatePlugin(await loadTask(plugin, options, process.cwd()), options, flags);
  const sampled = model === undefined ? undefined : await openModel(model, task.name, flags);
  for (const note of sampled?.notes ?? []) say(`rrr: ${note}\n`);
  return createTrial({
    task,
    ...(sampled === undefined ? {} : { model: sampled.model }),
    limits: limitsOf(task, flags),
  });
}

function openModel(name: string, task: string, flags: TrialFlags): Promise<SampledModel> {
  const {
    baseUrl = process.env.OPENAI_BASE_URL,
    apiKeyEnv,
    prices,
    maxTokensTotal,
    maxCost,
    maxTime,
  } = flags;
  const server = name.startsWith("openai:") && baseUrl ? { baseUrl } : {};
  const spec = {
    model: {
      ...{ name, ...server },
      ...(apiKeyEnv === undefined ? {} : { apiKeyEnv }),
      ...(prices === undefined ? {} : { prices }),
    },
    engine: { name: "onnx", options: {} },
  };
  const limits = {
    ...(maxTokensTotal === undefined ? {} : { tokens: maxTokensTotal }),
    ...(maxCost === undefined ? {} : { costUsd: maxCost }),
    ...(maxTime === undefined ? {} : { timeMs: maxTime }),
  };
  return openSampledModel(spec, task, limits, (text) => say(`rrr: ${text}\n`), process.cwd());
}

function limitsOf({ limits }: Task, flags: TrialFlags): TokenLimits {
  const isFor = limits.for === undefined || (limits.for === "builtin" && flags.model === "builtin");
  const usual = isFor ? limits : OTHERS;
  const { maxTokens } = flags;
  const attempt = flags.maxTokensAttempt ?? maxTokens ?? usual.attempt;
  return {
    attempt,
    reflection: flags.maxTokensReflection ?? maxTokens ?? usual.reflection,
    retry: flags.maxTokensRetry ?? maxTokens ?? usual.retry ?? attempt,
  };
}
