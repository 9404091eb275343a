import { createHash } from "node:crypto";
import type { Json } from "@rrr/tinker-protocol";
import { Refusal } from "../http/refusal.ts";
import type { Result } from "./futures.ts";
import type { Service } from "./service.ts";

/** A call: checks what can be checked at once, starts its work, and answers with its future. */
export type Call = (service: Service, body: Json, fingerprint: string) => Json;

export function fingerprintOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Starts a request that has a number of its own once, however often it comes. */
export function once(
  service: Service,
  key: string,
  number: unknown,
  fingerprint: string,
  start: () => string,
): string {
  const { answered } = service;
  const before = number === undefined || number === null ? undefined : answered.get(key);
  if (before !== undefined) {
    if (before.fingerprint === fingerprint) return before.id;
    throw new Refusal(409, `${key} was used for another request`);
  }
  const id = start();
  answered.set(key, { fingerprint, id });
  for (const old of answered.keys()) {
    if (answered.size <= MOST_ANSWERED) break;
    answered.delete(old);
  }
  return id;
}

const MOST_ANSWERED = 5_000;

export function json(body: object): Result {
  return { kind: "json", body };
}

export function pending(id: string): Json {
  return { future_id: id, request_id: id, status: "pending" };
}
