import { messageOf, RrrError } from "@rrr/core";
import { parseJson } from "../http/read-json.ts";
import type { TrialAnswer, TrialEvent } from "./api.ts";
import type { Parameters } from "./parameters.ts";
import type { Trial } from "./trial.ts";

/** Bytes of a request: a problem and an answer to it. */
const MOST_BYTES = 8_000_000;

/** What there is to try. */
export function trialAnswer(trial: Trial | undefined): TrialAnswer {
  if (trial !== undefined) {
    const { task, shows, model } = trial;
    return { kind: "trial", task, shows, ...(model === undefined ? {} : { model }) };
  }
  return { kind: "none" };
}

/** What is sent to be tried. @returns undefined for what nobody can try */
export async function tried(
  trial: Trial,
  what: string | undefined,
  request: Request,
  asked: Parameters,
): Promise<unknown> {
  if (what === "item") return { item: await trial.item(asked.number("seed") ?? 0) };
  if (request.method !== "POST") return undefined;
  const { item, answer, seed } = await bodyOf(request);
  if (what === "verify") return trial.verify(item, String(answer ?? ""));
  if (what === "show") return trial.show(item, answer === undefined ? undefined : String(answer));
  if (what !== "episode") return undefined;
  const abort = new AbortController();
  return linesOf(trial.episode(item, Number.isSafeInteger(seed) ? Number(seed) : 0, abort.signal), abort);
}

/** @throws RrrError `bad-argument` for what is no JSON object, or too long */
async function bodyOf(request: Request): Promise<Readonly<Record<string, unknown>>> {
  // A browser asks first before it sends this type for another page.
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/json\b/.test(type)) throw wrong("its type is not application/json");
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    if (size > MOST_BYTES) throw wrong(`it has more than ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  const value = jsonOf(Buffer.concat(chunks).toString("utf8"));
  if (typeof value === "object" && value !== null) return value as Readonly<Record<string, unknown>>;
  throw wrong("it is no object");
}

function jsonOf(text: string): unknown {
  try {
    return parseJson(text, "it");
  } catch (cause) {
    throw wrong(messageOf(cause));
  }
}

function wrong(why: string): RrrError {
  return new RrrError("bad-argument", `what was sent cannot be tried: ${why}`);
}

/** Each event as a line of JSON, as it comes. Who stops reading ends the episode. */
function linesOf(events: AsyncGenerator<TrialEvent>, abort: AbortController): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const line = (event: TrialEvent): Uint8Array => encoder.encode(`${JSON.stringify(event)}\n`);
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await events.next();
        if (done) controller.close();
        else controller.enqueue(line(value));
      } catch (error) {
        controller.enqueue(line({ kind: "error", message: messageOf(error) }));
        controller.close();
      }
    },
    cancel: () => abort.abort(),
  });
}
