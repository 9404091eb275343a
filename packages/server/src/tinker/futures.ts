import { messageOf, RrrError } from "@rrr/core";
import { Refusal } from "../http/refusal.ts";

/** What a call gives: plain JSON, or numbers that go as protobuf to clients that take it. */
export type Result =
  | { readonly kind: "json"; readonly body: object }
  | { readonly kind: "numbers"; readonly count: number; json(): object; protobuf(): Uint8Array }
  | { readonly kind: "failed"; readonly body: object };

/** What a client did wrong; everything else is the server's. */
const USERS = ["bad-argument", "context-overflow", "bad-checkpoint", "diverged", "aborted"];
/** Results that are kept: a client that lost an answer asks once more. */
const KEPT = 5_000;
/** Numbers in all of them. */
const KEPT_NUMBERS = 64 << 20;
/** Calls whose work is not done yet. */
const MOST_PENDING = 20_000;

export interface Futures {
  /** @throws Refusal 429 where so many calls wait that another would be too many: before its work is started */
  checkRoom(): void;
  /** Starts no work: `result` is under way. @returns the id to ask for it by */
  add(result: Promise<Result>): string;
  /** Waits for a result, not for ever. @returns undefined for an id that is not known */
  wait(id: string, milliseconds: number): Promise<Result | "pending"> | undefined;
}

export function createFutures(): Futures {
  const results = new Map<string, Promise<Result>>();
  /** Those that are there, with how many numbers they hold, the oldest first. */
  const settled = new Map<string, number>();
  let numbers = 0;
  let next = 1;

  function settle(id: string, result: Result): void {
    const count = result.kind === "numbers" ? result.count : 0;
    settled.set(id, count);
    numbers += count;
    for (const [old, its] of settled) {
      if (settled.size <= KEPT && (numbers <= KEPT_NUMBERS || old === id)) break;
      settled.delete(old);
      results.delete(old);
      numbers -= its;
    }
  }

  return {
    checkRoom() {
      if (results.size - settled.size < MOST_PENDING) return;
      throw new Refusal(429, `${MOST_PENDING} calls wait for their turn, the most; ask again`);
    },
    add(result) {
      const id = String(next++);
      const answer = result.catch(failed);
      results.set(id, answer);
      answer.then((found) => settle(id, found));
      return id;
    },
    wait(id, milliseconds) {
      const result = results.get(id);
      return result && within(result, milliseconds);
    },
  };
}

async function within(result: Promise<Result>, milliseconds: number): Promise<Result | "pending"> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"pending">((resolve) => {
    timer = setTimeout(() => resolve("pending"), milliseconds);
    timer.unref();
  });
  try {
    return await Promise.race([result, late]);
  } finally {
    clearTimeout(timer);
  }
}

function failed(error: unknown): Result {
  const code = RrrError.is(error) ? error.code : undefined;
  const isUsers = error instanceof Refusal || (code !== undefined && USERS.includes(code));
  const category = isUsers ? "user" : "server";
  const named = code === undefined ? {} : { code };
  return { kind: "failed", body: { type: "request_failed", error: messageOf(error), category, ...named } };
}
