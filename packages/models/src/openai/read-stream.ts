import { createParser } from "eventsource-parser";
import { asRecord, type JsonRecord, parseJson } from "../remote/json-value.ts";
import { errorOf } from "../remote/server-error.ts";

/**
 * A whole stream of `chat.completion.chunk`s as the one body that a server would have sent without streaming, for the
 * same checks. Undefined where it was cut: a stream ends with `[DONE]`.
 * @see https://platform.openai.com/docs/api-reference/chat-streaming
 */
export function readStream(text: string): unknown {
  const deltas: JsonRecord[] = [];
  let finish: unknown;
  let usage: unknown;
  let failure: unknown;
  let malformed = false;
  let done = false;

  const parser = createParser({
    onEvent({ data }) {
      if (data === "[DONE]") {
        done = true;
        return;
      }
      const chunk = asRecord(parseJson(data));
      if (chunk === undefined) {
        malformed = true;
        return;
      }
      if (errorOf(chunk) !== undefined) failure ??= chunk;
      // Servers say the usage in a last chunk without choices, or in all of them, growing.
      usage = chunk.usage ?? usage;
      const choices = Array.isArray(chunk.choices) ? chunk.choices : [];
      // Another answer's pieces among those of the one that was asked for.
      if (choices.length > 1) malformed = true;
      const choice = asRecord(choices[0]);
      // Some gateways have an empty one in every piece.
      finish = choice?.finish_reason || finish;
      const delta = asRecord(choice?.delta);
      if (delta !== undefined) deltas.push(delta);
    },
  });
  // The empty line ends the last event where the server did not; half a line is no JSON, and no [DONE] either.
  parser.feed(`${text}\n\n`);
  if (failure !== undefined) return failure;
  if (!done || malformed) return undefined;
  return { choices: [{ message: toMessage(deltas), finish_reason: finish }], usage };
}

function toMessage(deltas: readonly JsonRecord[]): JsonRecord {
  const calls = deltas.flatMap(({ tool_calls }) => (Array.isArray(tool_calls) ? tool_calls : []));
  return {
    content: joined(deltas, "content"),
    reasoning_content: joined(deltas, "reasoning_content"),
    reasoning: joined(deltas, "reasoning"),
    refusal: joined(deltas, "refusal"),
    ...(calls.length === 0 ? {} : { tool_calls: toCalls(calls) }),
  };
}

/**
 * A call's name comes with its first piece, its arguments in pieces of text. `index` says which call a piece is of; a
 * server that leaves it out gives each call its `id`.
 */
function toCalls(pieces: readonly unknown[]): unknown[] {
  const calls = new Map<unknown, JsonRecord[]>();
  let current: unknown;
  for (const piece of pieces.map(asRecord)) {
    current = piece?.index ?? piece?.id ?? current;
    calls.set(current, [...(calls.get(current) ?? []), asRecord(piece?.function) ?? {}]);
  }
  return [...calls.values()].map((parts) => ({
    function: { name: joined(parts, "name"), arguments: joined(parts, "arguments") },
  }));
}

/** The pieces of a field in one; null where there are none, and what makes no whole as a list, for the checks. */
function joined(deltas: readonly JsonRecord[], field: string): unknown {
  const pieces = deltas.map((delta) => delta[field]).filter((piece) => piece !== undefined && piece !== null);
  if (pieces.length === 0) return null;
  if (pieces.every((piece) => typeof piece === "string")) return pieces.join("");
  const full = pieces.filter((piece) => piece !== "");
  if (full.length === 1) return full[0];
  // Text between lists of parts is a part of text.
  return full.flatMap((piece) => (typeof piece === "string" ? [{ type: "text", text: piece }] : piece));
}
