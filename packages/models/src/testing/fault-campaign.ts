import { type Model, RrrError } from "@rrr/core";
import { createFaultServer, type FaultRequest } from "./fault-server.ts";
import { FAULT_KINDS, type FaultKind } from "./faults.ts";
import type { Served } from "./ledger.ts";

export interface FaultCampaignSettings {
  /** Requests for each kind of fault. */
  readonly perKind: number;
  /** Times that the model asks for one completion. */
  readonly maxAttempts: number;
  /** Its longest wait, for judging Retry-After. */
  readonly maxWaitMs: number;
  /**
   * The models under test, which share a kind's requests. Made anew for each kind: a model that holds back since one
   * kind says that the server is overloaded would have the others wait.
   */
  createModels(url: string, kind: FaultKind): readonly Model[];
  /** Called after each request. */
  onProgress?(settled: number, of: number): void;
}

export interface FaultCounts {
  readonly requests: number;
  /** Right answers. */
  readonly answers: number;
  /** Requests that failed as often as the model may ask, and ended as RrrError `model-failed`. */
  readonly failures: number;
  /** Faults that the server served. */
  readonly faults: number;
  /** Answers that the server never gave. */
  readonly wrongAnswers: number;
  /** Requests that ended without the answer that they would have had. */
  readonly lost: number;
  /** Errors of another kind than `model-failed`. */
  readonly untyped: number;
  /** Requests sent again after their answer. */
  readonly askedAfterAnswer: number;
  /** Requests sent more or less often than needed. */
  readonly oddAttempts: number;
  /** Times that a request was sent again before its Retry-After was over. */
  readonly tooEarly: number;
}

type Counting = { -readonly [Name in keyof FaultCounts]: number };

/**
 * Sends requests that fail, each in one way and from no time at all to more often than the model asks, and counts what
 * came of them. All but the first four counts must be 0.
 */
export async function runFaultCampaign(
  settings: FaultCampaignSettings,
): Promise<ReadonlyMap<FaultKind, FaultCounts>> {
  const { perKind, maxAttempts, createModels, onProgress } = settings;
  const server = await createFaultServer({ plan });
  const byKind = new Map(FAULT_KINDS.map((kind) => [kind, noCounts(perKind)]));
  let settled = 0;
  const requests = [...byKind].flatMap(([kind, counts]) => {
    const models = createModels(server.url, kind);
    return Array.from({ length: perKind }, async (_, i) => {
      const times = Math.floor(i / models.length) % (maxAttempts + 1);
      await ask(
        models[i % models.length] as Model,
        `${kind} ${times} times, request ${i}`,
        counts,
        maxAttempts,
      );
      onProgress?.(++settled, FAULT_KINDS.length * perKind);
    });
  });
  await Promise.all(requests);
  for (const [body, served] of server.served) {
    const { kind, times } = planned(JSON.parse(body));
    countServed(served, times, byKind.get(kind) as Counting, settings);
  }
  await server.close();
  return byKind;
}

async function ask(model: Model, prompt: string, counts: Counting, maxAttempts: number): Promise<void> {
  const { times } = parsePlan(prompt);
  try {
    const options = { maxTokens: 64, temperature: 0, seed: 1 };
    const completions = await model.generate([{ role: "user", content: prompt }], options);
    const isRight = completions.length === 1 && completions[0]?.text.startsWith(`right: ${prompt} (seed `);
    if (isRight && times < maxAttempts) counts.answers++;
    else counts.wrongAnswers++;
  } catch (error) {
    if (!RrrError.is(error, "model-failed")) counts.untyped++;
    else if (times < maxAttempts) counts.lost++;
    else counts.failures++;
  }
}

function countServed(
  served: Served,
  times: number,
  counts: Counting,
  { maxAttempts, maxWaitMs }: FaultCampaignSettings,
): void {
  counts.faults += served.faults;
  counts.askedAfterAnswer += served.askedAfterAnswer;
  if (served.asks !== Math.min(times + 1, maxAttempts)) counts.oddAttempts++;
  // Timers may be a millisecond early.
  const early = served.waits.filter(({ askedMs, waitedMs }) => waitedMs < Math.min(askedMs, maxWaitMs) - 2);
  counts.tooEarly += early.length;
}

function plan({ body, attempt }: FaultRequest): FaultKind | undefined {
  const { kind, times } = planned(body);
  return attempt <= times ? kind : undefined;
}

function planned({ messages }: FaultRequest["body"]): { kind: FaultKind; times: number } {
  return parsePlan(messages.at(-1)?.content ?? "");
}

function parsePlan(prompt: string): { kind: FaultKind; times: number } {
  const [kind, times] = prompt.split(" ");
  return { kind: kind as FaultKind, times: Number(times) };
}

function noCounts(requests: number): Counting {
  return {
    requests,
    answers: 0,
    failures: 0,
    faults: 0,
    wrongAnswers: 0,
    lost: 0,
    untyped: 0,
    askedAfterAnswer: 0,
    oddAttempts: 0,
    tooEarly: 0,
  };
}
