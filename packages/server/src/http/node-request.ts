import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { messageOf } from "@rrr/core";
import { Refusal } from "./refusal.ts";

/**
 * A request of node:http as the fetch API has it. Its signal is aborted when the client goes away before its answer.
 * @throws Refusal 400 for an address, 405 for a method that the fetch API does not know
 */
export function toRequest(incoming: IncomingMessage, outgoing?: ServerResponse): Request {
  const { method = "GET", url = "/" } = incoming;
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(", ") : value);
  }
  const hasBody = method !== "GET" && method !== "HEAD";
  const body = hasBody
    ? { body: Readable.toWeb(incoming) as ReadableStream<Uint8Array>, duplex: "half" as const }
    : {};
  const gone = new AbortController();
  outgoing?.once("close", () => {
    if (!outgoing.writableEnded) gone.abort();
  });
  try {
    return new Request(addressOf(url), { method, headers, signal: gone.signal, ...body });
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal(405, `${method.slice(0, 20)} is not answered: ${messageOf(error)}`, "wrong-method");
  }
}

/** The path alone counts: `//elsewhere/x` names no other server. */
function addressOf(path: string): string {
  const address = `http://localhost${path}`;
  if (path.startsWith("/") && URL.canParse(address)) return address;
  throw new Refusal(400, `not an address: ${path.slice(0, 80)}`, "bad-path");
}
