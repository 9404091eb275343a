/**
 * A chat-completions server that takes its time and none of the processor's: every request is answered after so many
 * milliseconds with the same text. In a process of its own; it listens on a free port, says which, and answers every
 * message with what it has seen since the last.
 */

import type { AddressInfo } from "node:net";
import { createServer } from "node:net";

export interface Traffic {
  readonly requests: number;
  /** From the first request's arrival to the last answer. */
  readonly seconds: number;
  /** Requests that were waiting, averaged over that time. */
  readonly inFlight: number;
}

export const ANSWER = "The answer is 42, as (1 + 2) * 14 = 42.";

const latencyMs = Number(process.argv[2]);
const body = JSON.stringify({
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1_760_000_000,
  model: "latency",
  choices: [
    { index: 0, message: { role: "assistant", content: ANSWER }, logprobs: null, finish_reason: "stop" },
  ],
  usage: { prompt_tokens: 60, completion_tokens: 18, total_tokens: 78 },
});
const reply = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;

let requests = 0;
let first = 0;
let last = 0;
let heldMs = 0;

const server = createServer((socket) => {
  let received = "";
  socket.setNoDelay(true);
  // A client that is done goes without a word.
  socket.on("error", () => {});
  socket.on("data", (data) => {
    received += data.toString("latin1");
    for (let end = endOfRequest(received); end !== undefined; end = endOfRequest(received)) {
      received = received.slice(end);
      const arrived = performance.now();
      if (requests++ === 0) first = arrived;
      setTimeout(() => {
        socket.write(reply);
        last = performance.now();
        heldMs += last - arrived;
      }, latencyMs);
    }
  });
});

/** Where the first request in the text ends; undefined as long as it is not whole. */
function endOfRequest(text: string): number | undefined {
  const head = text.indexOf("\r\n\r\n");
  if (head < 0) return undefined;
  const length = /content-length: *(\d+)/i.exec(text.slice(0, head))?.[1];
  const end = head + 4 + Number(length ?? 0);
  return text.length < end ? undefined : end;
}

process.on("message", () => {
  const seconds = (last - first) / 1000;
  const traffic: Traffic = { requests, seconds, inFlight: heldMs / 1000 / seconds };
  process.send?.(traffic);
  requests = 0;
  heldMs = 0;
});
server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
