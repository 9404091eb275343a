import { setTimeout as sleep } from "node:timers/promises";
import { RrrError, type RrrErrorCode } from "@rrr/core";
import { type Json, objectOf } from "@rrr/tinker-protocol";
import { aborted, type Connection, type Reply } from "./connection.ts";

/** What a future gave. */
export type Answer =
  | { readonly kind: "json"; readonly body: Json }
  | { readonly kind: "protobuf"; readonly bytes: Uint8Array };

/** Ours, where the server is of rrr and names them. */
const CODES: readonly string[] = ["bad-argument", "context-overflow", "bad-checkpoint", "diverged"];

/** A result that is not there is asked for again after a while; more often than that no server needs it. */
const HELD_MS = 1_000;
const FIRST_PAUSE_MS = 20;

/**
 * Submits a call and waits for its result. The same call is submitted again when its answer was lost: a server gives
 * the same future for the same number and body.
 * @param seconds to wait at most
 * @throws RrrError `model-failed` and what the server names; `aborted`
 */
export async function resultOf(
  connection: Connection,
  path: string,
  body: object | Uint8Array,
  seconds: number,
  signal?: AbortSignal,
): Promise<Answer> {
  const deadline = performance.now() + 1000 * seconds;
  for (;;) {
    const { request_id } = jsonOf(await connection.post(path, body, signal), path);
    if (typeof request_id !== "string" && typeof request_id !== "number") {
      throw new RrrError("model-failed", `the server answers ${path} without a request_id`);
    }
    const answer = await poll(connection, String(request_id), path, deadline, signal);
    if (answer !== "gone") return answer;
    await sleep(FIRST_PAUSE_MS);
  }
}

async function poll(
  connection: Connection,
  id: string,
  path: string,
  deadline: number,
  signal: AbortSignal | undefined,
): Promise<Answer | "gone"> {
  let pause = 0;
  while (performance.now() < deadline) {
    const asked = performance.now();
    const reply = await connection.post(
      "retrieve_future",
      { request_id: id, allow_metadata_only: false },
      signal,
    );
    if (reply.status === 410) return "gone";
    if (reply.status === 200 && reply.type === "application/x-protobuf")
      return { kind: "protobuf", bytes: reply.bytes };
    // Some servers answer a call that failed with a status of HTTP. It had its turn, unlike one that was refused.
    if (reply.status >= 400) throw new RrrError("model-failed", refused(reply, path).message);
    const body = jsonOf(reply, path);
    if (body.error !== undefined && body.error !== null) throw failed(body, path);
    if (body.type === "try_again" || body.status === "complete_metadata") {
      // A server that does not hold the request until there is news is not to be asked without end.
      pause = performance.now() - asked < HELD_MS ? Math.min(2 * pause + FIRST_PAUSE_MS, HELD_MS) : 0;
      await sleep(pause, undefined, signal === undefined ? {} : { signal }).catch(() => {
        throw aborted();
      });
      continue;
    }
    return { kind: "json", body };
  }
  throw new RrrError("model-failed", `no result of ${path} came in time`, {
    hint: "Is the server at work? A longer wait is --engine.timeout, in seconds.",
  });
}

/**
 * The body of an answer that says that all is well.
 * @throws RrrError `model-failed`, with what the server said
 */
export function jsonOf(reply: Reply, path: string): Json {
  const body = parsed(reply.bytes);
  if (reply.status >= 200 && reply.status < 300 && body !== undefined) return body;
  if (reply.status === 200) throw new RrrError("model-failed", `the server's answer to ${path} is not JSON`);
  throw refused(reply, path);
}

export function refused(reply: Reply, path: string): RrrError {
  const body = parsed(reply.bytes);
  const detail = body?.detail ?? new TextDecoder().decode(reply.bytes);
  const text = typeof detail === "string" ? detail : JSON.stringify(detail);
  const hints: Readonly<Record<number, string | undefined>> = {
    401: "Set TINKER_API_KEY to the key of this server.",
    403: "Set TINKER_API_KEY to the key of this server.",
    402: "The account behind the key cannot pay.",
    404: path === "get_server_capabilities" ? "Is it a server of the Tinker protocol?" : undefined,
  };
  const hint = hints[reply.status];
  return new RrrError(
    "model-failed",
    `the server answers ${reply.status} to ${path}: ${text.slice(0, 500)}`,
    {
      cause: { status: reply.status },
      ...(hint === undefined ? {} : { hint }),
    },
  );
}

/** The status of HTTP behind an error of `refused`. */
export function statusOf(error: unknown): number | undefined {
  const cause = RrrError.is(error, "model-failed")
    ? (error.cause as { status?: unknown } | undefined)
    : undefined;
  return typeof cause?.status === "number" ? cause.status : undefined;
}

/** Reads what a server sent. @throws RrrError `model-failed`: it is the server's doing, whatever the reader says */
export function read<Value>(from: () => Value): Value {
  try {
    return from();
  } catch (cause) {
    if (!RrrError.is(cause, "bad-argument")) throw cause;
    const hint = cause.hint === undefined ? {} : { hint: cause.hint };
    throw new RrrError("model-failed", `the server's answer cannot be read: ${cause.message}`, {
      cause,
      ...hint,
    });
  }
}

function failed(body: Json, path: string): RrrError {
  const code =
    typeof body.code === "string" && CODES.includes(body.code) ? (body.code as RrrErrorCode) : "model-failed";
  return new RrrError(code, `${path} failed on the server: ${String(body.error).slice(0, 500)}`);
}

function parsed(bytes: Uint8Array): Json | undefined {
  try {
    return objectOf(JSON.parse(new TextDecoder().decode(bytes)), "the answer");
  } catch {
    return undefined;
  }
}
