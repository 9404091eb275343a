/** Stands between a client and a server, and tells the client what is not so. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Json } from "@rrr/tinker-protocol";

/** What a server answered, before the client hears of it. */
export interface TrueAnswer {
  /** Below `/api/v1/`. */
  readonly path: string;
  /** The call that it is of: that of the result, where it is one. */
  readonly kind: string;
  /** What the call came to, in JSON; undefined for what is no result. */
  readonly result: Json | undefined;
}

/** What is said in its place; undefined leaves it. */
export type Lie = (answer: TrueAnswer) => object | Response | undefined;

export interface Liar {
  readonly url: string;
  close(): Promise<void>;
}

export async function createLiar(upstream: string, lie: Lie): Promise<Liar> {
  const kinds = new Map<string, string>();

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const path = (incoming.url ?? "").replace("/api/v1/", "");
    const body = Buffer.concat(chunks);
    const truth = await fetch(`${upstream}${incoming.url}`, {
      method: incoming.method ?? "GET",
      // Results come as JSON, which is easier to change.
      headers: { "content-type": incoming.headers["content-type"] ?? "", accept: "application/json" },
      ...(incoming.method === "POST" ? { body } : {}),
    });
    const type = truth.headers.get("content-type") ?? "";
    const bytes = Buffer.from(await truth.arrayBuffer());
    const said = type.includes("json") ? (JSON.parse(bytes.toString()) as Json) : {};
    const isResult = path === "retrieve_future" && said.type !== "try_again";
    const kind = isResult ? (kinds.get(JSON.parse(body.toString()).request_id) ?? path) : path;
    if (path !== "retrieve_future" && typeof said.request_id === "string") kinds.set(said.request_id, path);
    const told = lie({ path, kind, result: isResult ? said : undefined });
    if (told instanceof Response) {
      outgoing.writeHead(told.status, Object.fromEntries(told.headers));
      outgoing.end(Buffer.from(await told.arrayBuffer()));
    } else if (told === undefined) outgoing.writeHead(truth.status, { "content-type": type }).end(bytes);
    else outgoing.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(told));
  }

  const server = createServer((incoming, outgoing) => {
    serve(incoming, outgoing).catch(() => incoming.socket.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
