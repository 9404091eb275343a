/** What the thread runs that makes figures of large runs. Started by `createFigures`. */
import { type MessagePort, parentPort } from "node:worker_threads";
import { messageOf, RrrError } from "@rrr/core";
import type { FiguresReply, FiguresRequest } from "./figures.ts";
import { figuresOf } from "./figures-of.ts";

const port = parentPort as MessagePort;

port.on("message", ({ id, asked }: FiguresRequest) => port.postMessage(replyTo(id, () => figuresOf(asked))));

function replyTo(id: number, make: () => unknown): FiguresReply {
  try {
    return { id, answer: make() };
  } catch (error) {
    const message = messageOf(error);
    if (!RrrError.is(error)) return { id, error: { code: "bad-run", message } };
    return {
      id,
      error: { code: error.code, message, ...(error.hint !== undefined && { hint: error.hint }) },
    };
  }
}
