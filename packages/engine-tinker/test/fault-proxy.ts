/** Stands between a client and a server, and lets go wrong what a plan says. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * `lost-request`: the connection breaks before the server hears of it. `lost-answer`: after it has done the work.
 * `cut-answer`: in the middle of the answer. `twice`: the server gets the request two times. `later`: the answer is to ask
 * again; `gone`: that the promise of a result is gone. `page`: a proxy's web page. Numbers are statuses.
 */
export type Fault =
  | "lost-request"
  | "lost-answer"
  | "cut-answer"
  | "twice"
  | "later"
  | "gone"
  | "page"
  | 408
  | 415
  | 429
  | 503;

export interface FaultProxy {
  readonly url: string;
  /** Faults that there were. */
  readonly faults: readonly Fault[];
  close(): Promise<void>;
}

export interface ProxiedRequest {
  /** Below `/api/v1/`. */
  readonly path: string;
  /** Of all requests, from 0. */
  readonly index: number;
  readonly type: string;
}

export async function createFaultProxy(
  upstream: string,
  plan: (request: ProxiedRequest) => Fault | undefined,
): Promise<FaultProxy> {
  const faults: Fault[] = [];
  let index = 0;

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const path = (incoming.url ?? "").replace("/api/v1/", "");
    const type = incoming.headers["content-type"] ?? "";
    const fault = plan({ path, index: index++, type });
    if (fault !== undefined) faults.push(fault);
    const forward = async (): Promise<Response> =>
      fetch(`${upstream}${incoming.url}`, {
        method: incoming.method ?? "GET",
        headers: { "content-type": type, accept: incoming.headers.accept ?? "" },
        ...(incoming.method === "POST" ? { body: Buffer.concat(chunks) } : {}),
      });
    const json = (status: number, body: object): void => {
      outgoing.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    };
    if (fault === "lost-request") return void incoming.socket.destroy();
    if (fault === "later") return json(200, { type: "try_again", request_id: "?", queue_state: "active" });
    if (fault === "gone") return json(410, { detail: "promise expired" });
    if (fault === "page") return void outgoing.writeHead(200, { "content-type": "text/html" }).end("<html>");
    if (typeof fault === "number") {
      return void outgoing.writeHead(fault, { "retry-after": "0.05" }).end();
    }
    if (fault === "twice") await (await forward()).arrayBuffer();
    const answer = await forward();
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (fault === "lost-answer") return void incoming.socket.destroy();
    const headers = {
      "content-type": answer.headers.get("content-type") ?? "",
      "content-length": bytes.length,
    };
    outgoing.writeHead(answer.status, headers);
    if (fault !== "cut-answer") return void outgoing.end(bytes);
    outgoing.write(bytes.subarray(0, bytes.length >> 1));
    setImmediate(() => incoming.socket.destroy());
  }

  const server = createServer((incoming, outgoing) => {
    serve(incoming, outgoing).catch(() => incoming.socket.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    faults,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
