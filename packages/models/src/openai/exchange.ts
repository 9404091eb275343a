import { isUtf8 } from "node:buffer";
import type { IncomingHttpHeaders } from "node:http";
import type { Dispatcher } from "undici";
import type { Waiting } from "../remote/patience.ts";
import type { StopSignal } from "../remote/stop.ts";

interface ExchangeSettings {
  readonly timeoutMs: number;
  readonly stallTimeoutMs: number;
  /** More than any answer: a server that never ends one must not fill the memory. */
  readonly mostBytes: number;
}

/** A whole response: its body ended where its framing says that it ends. */
export interface Reply {
  readonly kind: "reply";
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** No whole response. `code` is that of Node or undici, such as ECONNRESET. */
export interface Lost {
  readonly kind: "lost";
  readonly problem: string;
  readonly code?: string;
  /** Nothing came in time, from a server that seems to be busy. */
  readonly isBusy: boolean;
}

export interface Post {
  readonly origin: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Codes of our own, beside those of Node and undici. */
export const TOO_LONG = "ANSWER_TOO_LONG";
export const NO_TEXT = "ANSWER_NO_TEXT";
const TIMEOUT = "ANSWER_TIMEOUT";

/** Streams end with this event, on connections that some servers leave open. A line of JSON cannot look like it. */
const END = /[\r\n]data: ?\[DONE\][\r\n]/;
const END_LENGTH = 16;

/** How long a connection is left for the end of a response that is whole already, so that it can be used again. */
const TO_END_MS = 500;

const LATE = [TIMEOUT, "UND_ERR_BODY_TIMEOUT", "UND_ERR_CONNECT_TIMEOUT"];

/**
 * One POST and all of its response, or why there is none; never rejects but by `signal`. Uses undici's `dispatch`,
 * where a request can be given up even before it has a connection.
 */
export function exchange(
  dispatcher: Dispatcher,
  post: Post,
  { timeoutMs, stallTimeoutMs, mostBytes }: ExchangeSettings,
  waiting: Waiting,
  signal: StopSignal,
): Promise<Reply | Lost> {
  return new Promise((resolve, reject) => {
    let connection: Dispatcher.DispatchController | undefined;
    let settled = false;
    let leaving: NodeJS.Timeout | undefined;
    let status = 0;
    let headers: IncomingHttpHeaders = {};
    const chunks: Buffer[] = [];
    let length = 0;
    let line = "\n";

    const settle = (finish: () => void): void => {
      settled = true;
      clearTimeout(deadline);
      signal.removeEventListener("abort", onAbort);
      finish();
    };
    const giveUp = (finish: () => void): void => {
      if (settled) return;
      settle(finish);
      connection?.abort(new Error("given up"));
    };
    const lose = (problem: string, code?: string): void => {
      const isBusy = code !== undefined && LATE.includes(code) && waiting.isBusy();
      giveUp(() => resolve({ kind: "lost", problem, isBusy, ...(code === undefined ? {} : { code }) }));
    };
    const conclude = (): void => {
      const body = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, length);
      if (status === 200) waiting.answered();
      if (!isUtf8(body)) {
        const { "content-encoding": encoding } = headers;
        const sent = encoding === undefined ? "" : `: it is encoded, which was not asked for`;
        lose(`HTTP ${status}, and a body that is no UTF-8${sent}`, NO_TEXT);
        return;
      }
      // A mark of the byte order is no part of JSON.
      const text = body.toString().replace(/^\ufeff/, "");
      settle(() => resolve({ kind: "reply", status, headers, text }));
    };
    const onAbort = (): void => giveUp(() => reject(signal.reason));
    const expire = (): void => {
      const left = waiting.left();
      if (left > 0 && !settled) deadline = setTimeout(expire, left);
      else lose(`no complete answer within ${timeoutMs / 1000} s`, TIMEOUT);
    };
    // After a loop that was blocked, what has come meanwhile is read first.
    let deadline = setTimeout(() => setImmediate(expire), timeoutMs);
    signal.addEventListener("abort", onAbort);
    if (signal.aborted) return onAbort();

    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(controller) {
        connection = controller;
        if (settled) controller.abort(new Error("given up"));
      },
      onResponseStart(_, code, fields) {
        status = code;
        headers = fields;
      },
      onResponseData(_, chunk) {
        if (settled) return;
        length += chunk.length;
        if (length > mostBytes) return lose(`an answer of more than ${mostBytes} bytes`, TOO_LONG);
        chunks.push(chunk);
        const text = line + chunk.toString("latin1");
        line = text.slice(-END_LENGTH);
        if (!END.test(text)) return;
        conclude();
        leaving = setTimeout(() => connection?.abort(new Error("whole already")), TO_END_MS).unref();
      },
      onResponseEnd() {
        clearTimeout(leaving);
        if (!settled) conclude();
      },
      onResponseError(_, error) {
        clearTimeout(leaving);
        const { code } = error as NodeJS.ErrnoException;
        lose(toProblem(code, error.message, stallTimeoutMs), code);
      },
    };
    // Headers come when a whole answer is there, so that only the deadline can tell a dead server from a slow one.
    dispatcher.dispatch({ ...post, method: "POST", headersTimeout: 0, bodyTimeout: stallTimeoutMs }, handler);
  });
}

function toProblem(code: string | undefined, message: string, stallTimeoutMs: number): string {
  if (code === "UND_ERR_BODY_TIMEOUT") return `silence for ${stallTimeoutMs / 1000} s within an answer`;
  if (code === undefined || message.includes(code)) return message;
  // Where a name has several addresses and none answers, there is a code only.
  return message === "" ? code : `${message} (${code})`;
}
