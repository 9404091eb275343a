import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export interface ChatServer {
  readonly baseURL: string;
  /** Headers of each completion that was asked for. */
  readonly asked: readonly IncomingHttpHeaders[];
}

/** An OpenAI-compatible server that has the models "small" and "large" and always says 4, for 10 + 1 tokens. */
export async function startChatServer(): Promise<ChatServer> {
  const asked: IncomingHttpHeaders[] = [];
  const answer = {
    choices: [{ index: 0, message: { role: "assistant", content: "4" }, finish_reason: "stop" }],
    usage: { prompt_tokens: 10, completion_tokens: 1, total_tokens: 11 },
  };
  const server = createServer((request, response) => {
    const isList = request.url === "/v1/models";
    if (!isList) asked.push(request.headers);
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(isList ? { data: [{ id: "small" }, { id: "large" }] } : answer));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, asked };
}
