import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Asked {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: { readonly [field: string]: unknown };
}

export interface ReplyServer {
  readonly url: string;
  readonly asked: readonly Asked[];
  close(): Promise<void>;
}

/** A server on 127.0.0.1 whose replies a test writes itself. */
export async function createReplyServer(
  reply: (asked: Asked, response: ServerResponse, count: number) => void,
): Promise<ReplyServer> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = JSON.parse(Buffer.concat(chunks).toString());
    const each = { url: request.url ?? "", headers: request.headers, body };
    asked.push(each);
    reply(each, response, asked.length);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    asked,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

export function toChat(message: object, finish_reason: unknown = "stop"): object {
  return {
    choices: [{ index: 0, message, finish_reason }],
    usage: { prompt_tokens: 3, completion_tokens: 2 },
  };
}
