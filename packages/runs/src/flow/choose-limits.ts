import { parseItem, type RetryLayout, type Task } from "@rrr/core";
import type { TrainSettingsName } from "@rrr/trainer";
import { isBuiltin } from "../model/is-builtin.ts";
import type { ModelContext } from "../model/model-context.ts";
import { type RunLimits, resolveLimits, TURNS, type Turn } from "../spec/run-limits.ts";
import type { RunSpec } from "../spec/run-spec.ts";
import type { RunRequest } from "../spec/to-run-spec.ts";
import { contextRoom } from "./context-room.ts";

type Asked = Pick<RunRequest, "limits" | "configured">;

/** Most tokens of a reflection by the trainer's settings: a study's small model learned from 32. */
const REFLECTIONS: Readonly<Partial<Record<TrainSettingsName, number>>> = { "lora-small": 64 };

/** No tokenizer makes more tokens than bytes; a model may add spaces and tags that the data do not have. */
const ANSWER_MARGIN = { share: 1.5, tokens: 64 };

/**
 * The token limits of a new run.
 * @param contextOf the model's context window; asked for where a limit depends on it
 * @param warn is told where what the user said cuts accepted answers off
 */
export async function chooseLimits(
  { model, plan }: RunSpec,
  { limits: asked = {}, configured = [] }: Asked,
  task: Task,
  layout: RetryLayout,
  items: readonly unknown[],
  contextOf: () => Promise<ModelContext | undefined>,
  warn: (text: string) => void,
): Promise<RunLimits> {
  const builtin = await isBuiltin(model);
  const answer = await longestAnswer(task, items);
  const isOpen = TURNS.some((turn) => asked[turn] === undefined);
  const isFitted = isOpen && ((task.limits.for !== undefined && !builtin) || answer > 0);
  const context = isFitted ? await contextOf() : undefined;
  const limits = resolveLimits({
    asked,
    configured: configured.filter((name): name is Turn => name !== "preset"),
    task: task.limits,
    isBuiltin: builtin,
    rounds: plan.evaluation.rounds,
    context: context && (await contextRoom(task, layout, items, context)),
    answer,
    reflection: plan.kind === "train" ? REFLECTIONS[plan.settings?.name ?? "builtin"] : undefined,
  });
  for (const turn of ["attempt", "retry"] as const) {
    const isSaid = limits.from[turn] === "option" || limits.from[turn] === "configuration";
    if (!isSaid || limits[turn] >= answer) continue;
    const limit = `--max-tokens-${turn} ${limits[turn]}`;
    warn(`the longest accepted answer may need ${answer} tokens: ${limit} would cut it off`);
  }
  return limits;
}

/** In tokens; 0 where the task does not say. */
async function longestAnswer(task: Task, items: readonly unknown[]): Promise<number> {
  if (task.longestAnswer === undefined) return 0;
  let bytes = 0;
  for (const item of items) {
    const parsed = await parseItem(task, item);
    bytes = Math.max(bytes, Buffer.byteLength(task.longestAnswer(parsed)));
  }
  return Math.ceil(bytes * ANSWER_MARGIN.share) + ANSWER_MARGIN.tokens;
}
