import type { ServerResponse } from "node:http";
import { type ChatAnswer, DONE, toAnswer, toEvent, toEvents } from "./chat.ts";

/** Writes a faulty response. Wherever there is room, it holds an answer that would look right: "wrong". */
type Fault = (response: ServerResponse, stream: boolean) => void;

const WRONG = "wrong: no client may take this for an answer";
const FAILURE = { error: { message: "The server had an error.", type: "server_error", code: null } };
const HTML = "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>";

/** Once a drip: a body of some hundred bytes takes longer than any deadline in a test. */
const DRIP_MS = 250;

/** All ways to fail, each of which a client must tell from an answer. */
export const FAULT_KINDS = [
  "rate-limit",
  "rate-limit-seconds",
  "rate-limit-date",
  "rate-limit-huge",
  "request-timeout",
  "server-error",
  "unavailable",
  "bad-gateway-html",
  "reset-before-headers",
  "reset-in-body",
  "hang-before-headers",
  "hang-in-body",
  "slow-drip",
  "cut-body",
  "cut-chunked",
  "html-200",
  "empty-body",
  "malformed-json",
  "error-200",
  "empty-choices",
  "missing-choices",
  "missing-finish-reason",
  "unknown-finish-reason",
  "content-filter",
  "null-content",
  "wrong-type",
  "stream-cut",
  "stream-without-done",
  "stream-without-finish",
  "stream-error",
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

const FAULTS: Readonly<Record<FaultKind, Fault>> = {
  // The server says no.
  "rate-limit": status(429),
  "rate-limit-seconds": status(429, () => "1"),
  "rate-limit-date": status(429, () => new Date(Date.now() + 2_000).toUTCString()),
  "rate-limit-huge": status(429, () => "86400"),
  "request-timeout": status(408),
  "server-error": status(500),
  unavailable: status(503),
  "bad-gateway-html": (response) => write(response, 502, "text/html", HTML),

  // The connection breaks, or nothing comes.
  "reset-before-headers": (response) => reset(response),
  "reset-in-body": (response, stream) => cut(response, stream, "content-length", () => reset(response)),
  "hang-before-headers": () => {},
  "hang-in-body": (response, stream) => cut(response, stream, "content-length", () => {}),
  "slow-drip": (response, stream) => drip(response, bodyOf(toAnswer(WRONG), stream)),
  "cut-body": (response, stream) => cut(response, stream, "content-length", () => response.socket?.end()),
  "cut-chunked": (response, stream) => cut(response, stream, "chunked", () => response.socket?.end()),

  // Status 200, and no answer.
  "html-200": (response) => write(response, 200, "text/html", HTML),
  "empty-body": (response) => write(response, 200, "application/json", ""),
  "malformed-json": (response) =>
    write(response, 200, "application/json", half(JSON.stringify(toAnswer(WRONG)))),
  "error-200": (response) =>
    write(response, 200, "application/json", JSON.stringify({ ...toAnswer(WRONG), ...FAILURE })),
  "empty-choices": answer({ ...toAnswer(WRONG), choices: [] }),
  "missing-choices": answer({ ...toAnswer(WRONG), choices: undefined, content: WRONG }),
  "missing-finish-reason": answer(toAnswer(WRONG, null)),
  "unknown-finish-reason": answer(toAnswer(WRONG, "abort")),
  "content-filter": answer(toAnswer(WRONG, "content_filter")),
  "null-content": answer(toAnswer(null)),
  "wrong-type": answer(toAnswer({ text: WRONG })),

  // A stream that ends where no stream ends, in well-formed HTTP.
  "stream-cut": (response) => events(response, half(toEvents(toAnswer(WRONG)))),
  "stream-without-done": (response) => events(response, toEvents(toAnswer(WRONG))),
  "stream-without-finish": (response) => events(response, toEvents(toAnswer(WRONG, null)) + DONE),
  "stream-error": (response) =>
    events(response, firstEvents(toEvents(toAnswer(WRONG))) + toEvent(FAILURE) + DONE),
};

export function writeFault(kind: FaultKind, response: ServerResponse, stream: boolean): void {
  FAULTS[kind](response, stream);
}

/** The right answer, in the form that was asked for. */
export function writeAnswer(given: ChatAnswer, response: ServerResponse, stream: boolean): void {
  write(response, 200, typeOf(stream), bodyOf(given, stream));
}

function status(code: number, retryAfter?: () => string): Fault {
  return (response) => {
    if (retryAfter !== undefined) response.setHeader("retry-after", retryAfter());
    write(response, code, "application/json", JSON.stringify(FAILURE));
  };
}

function answer(given: ChatAnswer): Fault {
  return (response, stream) => writeAnswer(given, response, stream);
}

/** Half of a body, and what then happens. Chunked bodies end with a chunk of no length, which never comes. */
function cut(
  response: ServerResponse,
  stream: boolean,
  framing: "content-length" | "chunked",
  then: () => void,
): void {
  const body = bodyOf(toAnswer(WRONG), stream);
  const length = framing === "chunked" ? {} : { "content-length": Buffer.byteLength(body) };
  response.writeHead(200, { "content-type": typeOf(stream), ...length });
  response.write(half(body), then);
}

function drip(response: ServerResponse, body: string): void {
  response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
  let sent = 0;
  const timer = setInterval(() => response.write(body.charAt(sent++)), DRIP_MS);
  response.on("close", () => clearInterval(timer));
}

function reset(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}

function events(response: ServerResponse, text: string): void {
  write(response, 200, "text/event-stream", text);
}

function write(response: ServerResponse, code: number, type: string, body: string): void {
  response.writeHead(code, { "content-type": type, "content-length": Buffer.byteLength(body) });
  response.end(body);
}

function bodyOf(given: ChatAnswer, stream: boolean): string {
  return stream ? toEvents(given) + DONE : JSON.stringify(given);
}

function typeOf(stream: boolean): string {
  return stream ? "text/event-stream" : "application/json";
}

function firstEvents(text: string): string {
  return text.slice(0, half(text).lastIndexOf("\n\n") + 2);
}

function half(text: string): string {
  return text.slice(0, Math.floor(text.length / 2));
}
