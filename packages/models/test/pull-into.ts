import { readdirSync, readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { builtinModelDir } from "@rrr/builtin-model";
import { type PullEvent, type PulledModel, type PullOptions, pullModel } from "@rrr/models";
import { parseConfig } from "@rrr/trainer";
import { expect } from "vitest";
import { sendContent } from "./hub-server.ts";

export const builtin: string = builtinModelDir("countdown");
export const model: Readonly<Record<string, Buffer>> = Object.fromEntries(
  readdirSync(builtin).map((name) => [name, readFileSync(join(builtin, name))]),
);
export const weights = model["model.safetensors"] as Buffer;
/** Hardly waits. */
export const QUICK: Pick<PullOptions, "tries" | "backoffMs" | "maxWaitMs" | "checkConfig"> = {
  tries: 3,
  backoffMs: 1,
  maxWaitMs: 50,
  checkConfig: parseConfig,
};

export async function pull(
  endpoint: string,
  folder: string,
  options: Partial<PullOptions> = {},
  id = "me/model",
): Promise<PulledModel & { readonly events: readonly PullEvent[] }> {
  const events: PullEvent[] = [];
  const pulling = pullModel(id, { folder, endpoint, ...QUICK, ...options });
  for (;;) {
    const next = await pulling.next();
    if (next.done) return { ...next.value, events };
    events.push(next.value);
  }
}

/** Nothing under its own name, and nothing that is wrong. */
export function expectNothing(root: string): void {
  const entries = readdirSync(root, { recursive: true, encoding: "utf8" });
  expect(entries.filter((name) => !name.startsWith(".model.pull"))).toEqual([]);
  expect(entries.filter((name) => name.endsWith(".safetensors"))).toEqual([]);
}

export function end(response: ServerResponse, body: string | Buffer): true {
  response.end(body);
  return true;
}

export function cut(response: ServerResponse, bytes: number): true {
  response.write(weights.subarray(0, bytes), () => response.destroy());
  return true;
}

export function endless(response: ServerResponse): true {
  const piece = Buffer.alloc(1_000_000);
  const more = (): void => {
    while (!response.destroyed && response.write(piece)) {}
  };
  response.on("drain", more);
  more();
  return true;
}

export function drip(response: ServerResponse): true {
  const timer = setInterval(() => response.write("x"), 20);
  response.on("close", () => clearInterval(timer));
  return true;
}

export function send(request: IncomingMessage, response: ServerResponse, content: Buffer): true {
  sendContent(request, response, content);
  return true;
}
