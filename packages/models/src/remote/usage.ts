import type { Completion, TokenUsage } from "@rrr/core";
import { fewestTokens } from "./fewest-tokens.ts";

/** What a server says that a request took: whatever it sent in the place of each count. */
export interface ReportedUsage {
  readonly prompt: unknown;
  readonly completion: unknown;
  readonly total?: unknown;
  readonly reasoning?: unknown;
}

/** What can be seen of a request and its answer, to judge the counts by. */
export interface Seen {
  readonly prompt: string;
  /** All that the model wrote and the server returned, reasoning and tool calls included. */
  readonly answer: string;
  readonly finish?: Completion["finish"];
  /** Most tokens of an answer; undefined where nobody knows. */
  readonly maxTokens?: number | undefined;
}

/** A token of English has four letters or so. */
const BYTES_A_TOKEN = 4;

/** More letters to a token than any tokenizer comes to in a text of some length, and what short texts may be off by. */
const [MOST_LETTERS, SHORT_LETTERS] = [8, 64];

/** Tokens that nobody sees: the end of a turn, marks around a thought. */
const UNSEEN_TOKENS = 8;

/**
 * The counts of a server, as far as they can be true; undefined where it says none. Where they contradict each other or
 * what was seen, `contradicts` says how, and a count that cannot be right is replaced: by what the others leave for it,
 * or by an estimate from the text.
 */
export function readUsage(reported: ReportedUsage, seen: Seen): TokenUsage | undefined {
  const { prompt, completion, total = undefined, reasoning = undefined } = reported;
  if ([prompt, completion, total].every(isMissing)) return undefined;
  const noCount = Object.entries({ prompt, completion }).find(([, count]) => !isCount(count));
  if (noCount !== undefined) {
    const [name, value] = noCount;
    return estimated(
      reported,
      seen,
      `${name}_tokens is ${isMissing(value) ? "missing" : `no count${sayNumber(value)}`}`,
    );
  }
  return judged(prompt as number, completion as number, total, reasoning, seen);
}

function judged(prompt: number, visible: number, total: unknown, reasoning: unknown, seen: Seen): TokenUsage {
  const thought = isCount(reasoning) ? reasoning : 0;
  // Some servers count the reasoning beside the completion, and say so in both of the other counts.
  const isBeside = thought > 0 && total === prompt + visible + thought;
  const completion = isBeside ? visible + thought : visible;
  const usage = { prompt, completion };
  if (prompt === 0) return estimated(usage, seen, "prompt_tokens is 0");
  const [letters, bytes] = [seen.answer.length, Buffer.byteLength(seen.answer)];
  if (letters > 0 && completion === 0) {
    return estimated(usage, seen, `completion_tokens is 0 for ${letters} characters`);
  }
  // The second knows words and runs, and holds for short texts; the first for text without words, too.
  if (letters > SHORT_LETTERS + MOST_LETTERS * completion || fewestTokens(seen.answer) > completion) {
    return estimated(usage, seen, `completion_tokens is ${completion} for ${letters} characters`);
  }
  for (const [name, value] of [["total_tokens", total] as const, ["reasoning_tokens", reasoning] as const]) {
    if (!isMissing(value) && !isCount(value)) {
      return { ...usage, contradicts: `${name} is no count${sayNumber(value)}` };
    }
  }
  if (isCount(total) && total !== prompt + completion) {
    const sum = `prompt_tokens and completion_tokens are ${prompt} and ${completion}, total_tokens is ${total}`;
    return { prompt, completion: Math.max(completion, total - prompt), contradicts: sum };
  }
  if (thought > completion) {
    const contradicts = `reasoning_tokens is ${thought}, completion_tokens, which includes them, ${completion}`;
    return { prompt, completion: completion + thought, contradicts };
  }
  const { maxTokens = Number.POSITIVE_INFINITY, finish } = seen;
  if (visible > maxTokens) {
    return { ...usage, contradicts: `completion_tokens is ${visible}, above the limit of ${maxTokens}` };
  }
  // A token is a byte or more. What was cut off at the limit may have been a thought that nobody returned.
  const isCut = finish === "length" && completion === maxTokens;
  if (completion - thought > bytes + UNSEEN_TOKENS && !isCut) {
    return { ...usage, contradicts: `completion_tokens is ${completion} for ${letters} characters` };
  }
  return usage;
}

/** The larger of what is said and what the text comes to. */
function estimated(said: ReportedUsage, { prompt, answer }: Seen, contradicts: string): TokenUsage {
  const [least, most] = [
    countOr0(said.prompt),
    Math.max(countOr0(said.completion), countOr0(said.reasoning)),
  ];
  return {
    prompt: Math.max(least, estimate(prompt)),
    completion: Math.max(most, estimate(answer)),
    estimated: true,
    contradicts,
  };
}

function estimate(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / BYTES_A_TOKEN);
}

function isMissing(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function countOr0(value: unknown): number {
  return isCount(value) ? value : 0;
}

/** What is no number may be anything, and is not shown. */
function sayNumber(value: unknown): string {
  return typeof value === "number" ? `: ${value}` : "";
}
