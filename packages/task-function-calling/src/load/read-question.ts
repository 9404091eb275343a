import { RrrError } from "@rrr/core";
import type { FunctionCallItem, Turn } from "../item.ts";
import { describeJson, isJsonArray, isJsonObject, type Json } from "../json/json.ts";
import type { Row } from "./read-rows.ts";

/**
 * The conversation of a question of one turn, `[[{role, content}, …]]`, that ends with what the user wants. What the
 * system says stands before the user's first words, and what one side says in a row is one message.
 */
export function readQuestion({ fields, place }: Row): Pick<FunctionCallItem, "query" | "before"> {
  const turns = fields.get("question");
  if (!isJsonArray(turns)) {
    throw new RrrError("bad-item", `${place}: question must be a list of turns, got ${describeJson(turns)}`);
  }
  const [turn] = turns;
  if (turns.length !== 1 || !isJsonArray(turn)) {
    throw new RrrError(
      "bad-item",
      `${place}: ${turns.length} turns, only questions of one turn can be asked`,
    );
  }
  const joined = joinNeighbours(turn.map((message, i) => readMessage(message, i, place)));
  const last = joined.at(-1);
  if (joined[0]?.role !== "user" || last?.role !== "user") {
    throw new RrrError(
      "bad-item",
      `${place}: a turn must begin and end with the user, maybe after one message of the system`,
    );
  }
  const before = joined.slice(0, -1);
  return { query: last.content, ...(before.length > 0 && { before }) };
}

function readMessage(message: Json, i: number, place: string): Turn {
  const role = isJsonObject(message) ? message.get("role") : undefined;
  const content = isJsonObject(message) ? message.get("content") : undefined;
  if (typeof content === "string") {
    if (role === "user" || role === "assistant") return { role, content };
    if (role === "system" && i === 0) return { role: "user", content };
  }
  throw new RrrError(
    "bad-item",
    `${place}: message ${i + 1} must be one of user or assistant with its content as text, or the system's at first`,
  );
}

function joinNeighbours(turns: readonly Turn[]): readonly Turn[] {
  const joined: Turn[] = [];
  for (const { role, content } of turns) {
    const last = joined.at(-1);
    if (last?.role === role) joined[joined.length - 1] = { role, content: `${last.content}\n\n${content}` };
    else joined.push({ role, content });
  }
  return joined;
}
