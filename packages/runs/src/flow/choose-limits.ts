import { attemptPrompt, parseItem, type Task } from "@rrr/core";
import { isBuiltin } from "../model/is-builtin.ts";
import { type RunLimits, resolveLimits, TURNS, type Turn } from "../spec/run-limits.ts";
import type { RunSpec } from "../spec/run-spec.ts";
import type { RunRequest } from "../spec/to-run-spec.ts";

type Asked = Pick<RunRequest, "limits" | "configured">;

/** Of UTF-8; tokenizers make fewer of text, and of whatever else seldom more. */
const BYTES_PER_TOKEN = 2;
/** A chat template's, around a turn. */
const TEMPLATE_TOKENS = 32;
/** No tokenizer makes more tokens than bytes; there may be spaces and tags that the data do not have. */
const ANSWER_MARGIN = { share: 1.5, tokens: 64 };

/**
 * The token limits of a run.
 * @param contextLength the model's context window; asked for where a limit depends on it
 * @param warn is told where what the user said cuts accepted answers off
 */
export async function chooseLimits(
  { model, plan }: RunSpec,
  { limits: asked = {}, configured = [] }: Asked,
  task: Task,
  items: readonly unknown[],
  contextLength: () => Promise<number | undefined>,
  warn: (text: string) => void,
): Promise<RunLimits> {
  const builtin = await isBuiltin(model);
  const isOpen = task.limits.for !== undefined && TURNS.some((turn) => asked[turn] === undefined);
  const length = isOpen && !builtin ? await contextLength() : undefined;
  const answer = await longestAnswer(task, items);
  const limits = resolveLimits({
    asked,
    configured: configured.filter((name): name is Turn => name !== "preset"),
    task: task.limits,
    isBuiltin: builtin,
    rounds: plan.evaluation.rounds,
    context: length === undefined ? undefined : { length, prompt: await longestPrompt(task, items) },
    answer,
  });
  for (const turn of ["attempt", "retry"] as const) {
    const isSaid = limits.from[turn] === "option" || limits.from[turn] === "configuration";
    if (!isSaid || limits[turn] >= answer) continue;
    warn(
      `the longest accepted answer may need ${answer} tokens; with ${limits[turn]} tokens a ${turn} it would be cut off`,
    );
  }
  return limits;
}

/** In tokens; 0 where the task does not say. */
async function longestAnswer(task: Task, items: readonly unknown[]): Promise<number> {
  const { longestAnswer: textOf } = task;
  if (textOf === undefined) return 0;
  const bytes = await most(task, items, (item) => Buffer.byteLength(textOf(item)));
  return Math.ceil(bytes * ANSWER_MARGIN.share) + ANSWER_MARGIN.tokens;
}

/** In tokens, by estimate. */
async function longestPrompt(task: Task, items: readonly unknown[]): Promise<number> {
  const bytes = await most(task, items, (item) =>
    Buffer.byteLength(JSON.stringify(attemptPrompt(task, item))),
  );
  return Math.ceil(bytes / BYTES_PER_TOKEN) + TEMPLATE_TOKENS;
}

/** An item that the task fails on is told where it is asked. */
async function most(
  task: Task,
  items: readonly unknown[],
  sizeOf: (item: unknown) => number,
): Promise<number> {
  let largest = 0;
  for (const item of items) {
    try {
      largest = Math.max(largest, sizeOf(await parseItem(task, item)));
    } catch {
      // Errored problems do not make limits.
    }
  }
  return largest;
}
