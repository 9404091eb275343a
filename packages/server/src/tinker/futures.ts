import { messageOf, RrrError } from "@rrr/core";
import { Refusal } from "../http/refusal.ts";

/** What a call gives: plain JSON, or numbers that go as protobuf to clients that take it. */
export type Result =
  | { readonly kind: "json"; readonly body: object }
  | { readonly kind: "numbers"; json(): object; protobuf(): Uint8Array }
  | { readonly kind: "failed"; readonly body: object };

/** What a client did wrong; everything else is the server's. */
const USERS = ["bad-argument", "context-overflow", "bad-checkpoint", "diverged", "aborted"];
/** Results that are kept: a client that lost an answer asks once more. */
const KEPT = 5_000;

export interface Futures {
  /** Starts no work: `result` is under way. @returns the id to ask for it by */
  add(result: Promise<Result>): string;
  /** Waits for a result, not for ever. @returns undefined for an id that is not known */
  wait(id: string, milliseconds: number): Promise<Result | "pending"> | undefined;
}

export function createFutures(): Futures {
  const results = new Map<string, Promise<Result>>();
  let next = 1;
  return {
    add(result) {
      const id = String(next++);
      results.set(id, result.catch(failed));
      for (const old of results.keys()) {
        if (results.size <= KEPT) break;
        results.delete(old);
      }
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
