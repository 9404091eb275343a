import { createRandom, deriveKey, type ToolDefinition } from "@rrr/core";
import type { FunctionCallItem } from "../src/item.ts";
import { verifyFunctionCalls } from "../src/verify.ts";
import { randomMutation, randomRight } from "./random-mutation.ts";
import { randomOutput } from "./random-output.ts";

/** Called now and then with how many are done. */
export type Progress = (done: number) => void;

/** Right answers, in all forms and spellings, that do not pass. */
export function findRefused(n: number, seed: number, progress: Progress = () => {}): string[] {
  return findAnswers(n, seed, "right", progress);
}

/** Changes of right answers, each of which changes the meaning, that pass all the same. */
export function findAccepted(n: number, seed: number, progress: Progress = () => {}): string[] {
  return findAnswers(n, seed, "mutated", progress);
}

function findAnswers(n: number, seed: number, kind: "right" | "mutated", progress: Progress): string[] {
  const random = createRandom(deriveKey(seed, kind));
  const found: string[] = [];
  for (let i = 0; i < n; i++) {
    const { item, completion } = kind === "right" ? randomRight(random) : randomMutation(random);
    const verdict = verifyFunctionCalls(item, completion);
    if (verdict.kind !== (kind === "right" ? "pass" : "fail")) {
      found.push(
        `${JSON.stringify(verdict)}: ${completion}, expected ${item.expected}, tools ${JSON.stringify(item.tools)}`,
      );
    }
    if (i % 10_000 === 0) progress(i);
  }
  return found;
}

const WEATHER: ToolDefinition = {
  name: "get_weather",
  parameters: {
    type: "object",
    properties: {
      city: { type: "string" },
      days: { type: "integer" },
      units: { type: "string", enum: ["metric", "imperial"] },
    },
    required: ["city"],
  },
};
const ITEM: FunctionCallItem = {
  query: "What is the weather in Paris?",
  tools: [WEATHER],
  expected: [{ name: "get_weather", arguments: { city: "Paris", days: 3 } }],
};
const BFCL_ITEM: FunctionCallItem = {
  ...ITEM,
  expected: [{ get_weather: { city: ["Paris"], days: [3, ""] } }],
};

/**
 * Milliseconds of each verdict on fuzzed output, in both modes. A verdict that throws ends it. The fuzzer's own garbage is
 * collected before a verdict is timed, where `--expose-gc` allows it: it is none of the verdict's.
 */
export function timeFuzzed(n: number, seed: number, progress: Progress = () => {}): Float64Array {
  const random = createRandom(deriveKey(seed, "fuzz"));
  const times = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const output = randomOutput(random);
    const mode = random.pick(["exact", "bfcl"] as const);
    if (output.length > 5_000) globalThis.gc?.({ type: "minor" });
    const start = process.cpuUsage();
    const { kind } = verifyFunctionCalls(mode === "exact" ? ITEM : BFCL_ITEM, output, { mode });
    const { user, system } = process.cpuUsage(start);
    if (kind !== "pass" && kind !== "fail") throw new TypeError(`no verdict but ${kind}`);
    times[i] = (user + system) / 1000;
    if (i % 10_000 === 0) progress(i);
  }
  return times.sort();
}

/**
 * Megabytes by which the heap grows while wrong calls are judged by `n` distinct schemas, each of which is compiled.
 * Needs `--expose-gc` to mean something.
 */
export function measureSchemas(n: number, progress: Progress = () => {}): number {
  const before = heapMegabytes();
  let after = before;
  for (let i = 0; i < n; i++) {
    const argument = `argument_${i}`;
    const parameters = {
      type: "object",
      properties: { [argument]: { type: "integer", maximum: i } },
      required: [argument],
    };
    const item = {
      query: "",
      tools: [{ name: "f", parameters }],
      expected: [{ name: "f", arguments: { [argument]: i } }],
    };
    const verdict = verifyFunctionCalls(item, `[{"name": "f", "arguments": {"${argument}": "${i}"}}]`);
    if (verdict.kind !== "fail" || verdict.code !== "schema")
      throw new TypeError(`no schema was asked: ${i}`);
    if (i % 500 !== 499) continue;
    after = Math.max(after, heapMegabytes());
    progress(i);
  }
  return after - before;
}

function heapMegabytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 1e6;
}

/** Verdicts a second of processor time, on right answers: reading and matching. */
export function measureSpeed(n: number, seed: number): number {
  const random = createRandom(deriveKey(seed, "speed"));
  const answers = Array.from({ length: n }, () => randomRight(random));
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 4; round++) {
    const start = process.cpuUsage();
    for (const { item, completion } of answers) verifyFunctionCalls(item, completion);
    const { user, system } = process.cpuUsage(start);
    best = Math.min(best, user + system);
  }
  return (1e6 * n) / best;
}
