import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type ChatAnswer, type ChatRequest, rightAnswer, toAnswer } from "./chat.ts";
import { type FaultKind, writeAnswer, writeFault } from "./faults.ts";
import { Ledger, type Served } from "./ledger.ts";

export interface FaultRequest {
  readonly body: ChatRequest;
  /** How often this very request has been sent, from 1. */
  readonly attempt: number;
}

export interface FaultServerSettings {
  /** What goes wrong with a request; undefined: nothing. */
  plan(request: FaultRequest): FaultKind | undefined;
  /** The right answer. Default: one that names the request; another model's, with this server in front of it. */
  answer?(body: ChatRequest): ChatAnswer | Promise<ChatAnswer>;
}

export interface FaultServer {
  /** Base URL of an OpenAI-compatible server on 127.0.0.1. */
  readonly url: string;
  /** What became of each request, by its body. */
  readonly served: ReadonlyMap<string, Served>;
  /** Most requests that were there at the same time. */
  readonly mostAtOnce: number;
  close(): Promise<void>;
}

/**
 * A chat-completions server that fails as planned, and knows what it really answered: so that a client can be shown to
 * have taken no fault for an answer, lost nothing and asked nothing again that it had been told.
 * @example
 * const server = await createFaultServer({ plan: ({ attempt }) => (attempt < 3 ? "cut-body" : undefined) });
 */
export async function createFaultServer(settings: FaultServerSettings): Promise<FaultServer> {
  const { plan, answer = (body) => toAnswer(rightAnswer(body)) } = settings;
  const ledger = new Ledger();
  let atOnce = 0;
  let mostAtOnce = 0;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    mostAtOnce = Math.max(mostAtOnce, ++atOnce);
    response.on("close", () => atOnce--);
    const text = await textOf(request);
    const body = JSON.parse(text) as ChatRequest;
    const stream = body.stream === true;
    const fault = plan({ body, attempt: ledger.asked(text) });
    if (fault === undefined) {
      const right = await answer(body);
      response.on("finish", () => ledger.answered(text));
      writeAnswer(right, response, stream);
    } else {
      writeFault(fault, response, stream);
      ledger.failed(text, response.getHeader("retry-after")?.toString());
    }
  }

  const server = createServer((request, response) => {
    // A client that gave up takes its connection with it: nothing is left to be told.
    serve(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    served: ledger.served,
    get mostAtOnce() {
      return mostAtOnce;
    },
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
