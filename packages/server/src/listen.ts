import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { RrrError } from "@rrr/core";

/** Where a server listens. */
export interface ListenSettings {
  /** Default 0: one that is free. */
  readonly port?: number;
  /** Default 127.0.0.1. Another address needs a token. */
  readonly host?: string;
  /** Whether requests must have a token: the handler looks. */
  readonly hasToken?: boolean;
}

/** A server that runs until it is closed. */
export interface Listening {
  readonly url: string;
  /** Ends connections too. */
  close(): Promise<void>;
}

const LOCAL = ["127.0.0.1", "localhost", "[::1]", "::1"];

/**
 * Serves a function of the fetch API over HTTP.
 * @throws RrrError `bad-argument` for an address that others reach, without a token; for a port that is taken
 */
export async function listen(
  handle: (request: Request) => Promise<Response>,
  { port = 0, host = "127.0.0.1", hasToken = false }: ListenSettings = {},
): Promise<Listening> {
  if (!hasToken && !LOCAL.includes(host)) {
    throw new RrrError("bad-argument", `${host} can be reached by others, and no token is asked for`, {
      hint: "Give a token, or listen on 127.0.0.1.",
    });
  }
  const server = createServer((incoming, outgoing) => {
    serve(handle, incoming, outgoing, LOCAL.includes(host)).catch(() => outgoing.destroy());
  });
  server.listen(port, host);
  await once(server, "listening").catch((cause: Error) => {
    throw new RrrError("bad-argument", `cannot listen on ${host}:${port}: ${cause.message}`, { cause });
  });
  const address = server.address();
  const bound = typeof address === "object" && address !== null ? address.port : port;
  return {
    url: `http://${host}:${bound}`,
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function serve(
  handle: (request: Request) => Promise<Response>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  isLocal: boolean,
): Promise<void> {
  const response = await answerTo(handle, incoming, isLocal);
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  if (response.body === null) outgoing.end();
  else await pipeline(Readable.fromWeb(response.body as never), outgoing);
}

async function answerTo(
  handle: (request: Request) => Promise<Response>,
  incoming: IncomingMessage,
  isLocal: boolean,
): Promise<Response> {
  if (isForeign(incoming, isLocal)) {
    return Response.json({ detail: "this server answers programs of its own machine" }, { status: 403 });
  }
  // What a browser would take for the address of another server is none of this one's.
  if (!/^\/(?![/\\])/.test(incoming.url ?? "")) {
    return Response.json({ detail: "the address is malformed" }, { status: 400 });
  }
  return handle(toRequest(incoming));
}

/** A page in a browser, or a name that somebody has point here. */
function isForeign({ headers: { host = "", origin } }: IncomingMessage, isLocal: boolean): boolean {
  const isOwn = (name: string): boolean => LOCAL.includes(name.replace(/:\d+$/, ""));
  return isLocal && (!isOwn(host) || (origin !== undefined && !isOwn(origin.replace(/^https?:\/\//, ""))));
}

function toRequest(incoming: IncomingMessage): Request {
  const { method = "GET", url = "/" } = incoming;
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(", ") : value);
  }
  const hasBody = method !== "GET" && method !== "HEAD";
  const body = hasBody
    ? { body: Readable.toWeb(incoming) as ReadableStream<Uint8Array>, duplex: "half" as const }
    : {};
  return new Request(new URL(url, "http://localhost"), { method, headers, ...body });
}
