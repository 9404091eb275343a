import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import { solve } from "../../task-countdown/src/solve.ts";

export interface ThinkingServer {
  readonly baseURL: string;
  /** The limit of each request. */
  readonly limits: readonly number[];
}

export interface ThinkingServerSettings {
  /** Words of thought before an answer. Default 180. */
  readonly thoughts?: number;
  /** What its list of models says of the model's context window. Default: nothing. */
  readonly contextLength?: number;
}

/**
 * An OpenAI-compatible server whose model thinks first and is always right in Countdown. A word is a token. It cuts off
 * where the limit is, and refuses what its context window has no room for, as vLLM does.
 */
export async function startThinkingServer({
  thoughts = 180,
  contextLength,
}: ThinkingServerSettings = {}): Promise<ThinkingServer> {
  const limits: number[] = [];
  const server = createServer(async (request, response) => {
    const send = (status: number, body: object): void => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    };
    if (request.url === "/v1/models") {
      send(200, { data: [{ id: "thinker", max_model_len: contextLength }] });
      return;
    }
    if (request.method !== "POST") {
      send(404, { error: { message: "not found" } });
      return;
    }
    const { messages, max_tokens: most } = JSON.parse(await text(request)) as Asked;
    limits.push(most);
    const prompt = messages.reduce((sum, { content }) => sum + content.split(" ").length + 4, 0);
    if (contextLength !== undefined && prompt + most > contextLength) {
      const message = `This model's maximum context length is ${contextLength} tokens`;
      send(400, { error: { message, code: "context_length_exceeded" } });
      return;
    }
    const words = [...Array.from({ length: thoughts }, () => "hm"), answerTo(messages.at(-1)?.content ?? "")];
    const content = words.slice(0, most).join(" ");
    const finish = words.length > most ? "length" : "stop";
    send(200, {
      choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: finish }],
      usage: { prompt_tokens: prompt, completion_tokens: Math.min(words.length, most) },
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, limits };
}

interface Asked {
  readonly messages: readonly { readonly content: string }[];
  readonly max_tokens: number;
}

function answerTo(prompt: string): string {
  const [, numbers = "", target] = /\[([\d, ]+)\].* equals (-?\d+)/.exec(prompt) ?? [];
  if (target === undefined) return "sorry";
  return `<answer>${solve({ numbers: numbers.split(", ").map(Number), target: Number(target) })?.replaceAll(" ", "")}</answer>`;
}
