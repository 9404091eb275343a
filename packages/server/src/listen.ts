import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout } from "node:timers/promises";
import { RrrError } from "@rrr/core";
import { isForeign, isLocal } from "./http/is-foreign.ts";
import { toRequest } from "./http/node-request.ts";
import { Refusal, refusalResponse } from "./http/refusal.ts";
import { acceptSockets, type OpenSockets, type Sockets } from "./http/sockets.ts";

/** Where a server listens. */
export interface ListenSettings {
  /** Default 0: one that is free. */
  readonly port?: number;
  /** Default 127.0.0.1. Another address needs a token. */
  readonly host?: string;
  /** Whether requests must have a token: the handler looks. */
  readonly hasToken?: boolean;
  /** Who takes WebSockets; default: nobody. */
  readonly sockets?: Sockets | undefined;
}

/** A server that runs until it is closed. */
export interface Listening {
  readonly url: string;
  /**
   * Takes no more requests, and ends when those under way are answered.
   * @param graceMs what they have for it; then their connections end too. Default 0
   */
  close(graceMs?: number): Promise<void>;
}

/** For so long a client may go on sending a body that nobody reads. */
const DISCARD_MS = 1_000;

/**
 * Serves a function of the fetch API over HTTP.
 * @throws RrrError `bad-argument` for an address that others reach, without a token; for a port that is taken
 */
export async function listen(
  handle: (request: Request) => Promise<Response>,
  { port = 0, host = "127.0.0.1", hasToken = false, sockets }: ListenSettings = {},
): Promise<Listening> {
  if (!hasToken && !isLocal(host)) {
    throw new RrrError("bad-argument", `${host} can be reached by others, and no token is asked for`, {
      hint: "Give a token (rrr serve: --api-key-env NAME), or listen on 127.0.0.1.",
    });
  }
  const isRefused = (incoming: IncomingMessage): boolean => isLocal(host) && isForeign(incoming);
  const server = createServer((incoming, outgoing) => {
    const isClosing = (): boolean => !server.listening;
    serve(handle, incoming, outgoing, isRefused, isClosing).catch(() => outgoing.destroy());
  });
  const open = sockets && acceptSockets(server, sockets, isRefused);
  const name = host.replace(/^\[|\]$/g, "");
  server.listen(port, name);
  await once(server, "listening").catch((cause: Error) => {
    throw new RrrError("bad-argument", `cannot listen on ${host}:${port}: ${cause.message}`, { cause });
  });
  const address = server.address();
  const bound = typeof address === "object" && address !== null ? address.port : port;
  return {
    url: `http://${name.includes(":") ? `[${name}]` : name}:${bound}`,
    close: (graceMs = 0) => closeWithin(server, graceMs, open),
  };
}

async function closeWithin(server: Server, graceMs: number, sockets: OpenSockets | undefined): Promise<void> {
  const closed = once(server, "close");
  server.close();
  sockets?.finish();
  const end = new AbortController();
  setTimeout(graceMs, undefined, end).then(
    () => {
      server.closeAllConnections();
      sockets?.terminate();
    },
    () => {},
  );
  await closed;
  end.abort();
}

async function serve(
  handle: (request: Request) => Promise<Response>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  isRefused: (incoming: IncomingMessage) => boolean,
  isClosing: () => boolean,
): Promise<void> {
  const response = await answer(handle, incoming, outgoing, isRefused);
  const headers = Object.fromEntries(response.headers);
  const isRead = incoming.complete || (await discard(incoming));
  // What a client sends on the same connection would be taken for the rest of the body, or keep a server from its end.
  const isKept = isRead && !isClosing();
  outgoing.writeHead(response.status, isKept ? headers : { ...headers, connection: "close" });
  if (response.body === null) outgoing.end();
  else await pipeline(Readable.fromWeb(response.body as never), outgoing);
}

async function answer(
  handle: (request: Request) => Promise<Response>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  isRefused: (incoming: IncomingMessage) => boolean,
): Promise<Response> {
  try {
    if (isRefused(incoming)) {
      throw new Refusal(403, "this server answers programs of its own machine", "foreign");
    }
    return await handle(toRequest(incoming, outgoing));
  } catch (error) {
    if (error instanceof Refusal) return refusalResponse(error);
    throw error;
  }
}

/**
 * Reads what is left of a body that nobody wants: a client that still sends would not read the answer, if its connection
 * ended with it.
 * @returns whether that was all
 */
async function discard(incoming: IncomingMessage): Promise<boolean> {
  incoming.removeAllListeners("data").resume();
  await Promise.race([once(incoming, "close"), setTimeout(DISCARD_MS, undefined, { ref: false })]);
  return incoming.complete;
}
