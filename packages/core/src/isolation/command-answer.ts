import type { RrrErrorCode } from "../errors.ts";
import { show } from "../show.ts";
import type { PlainVerdict } from "./question.ts";

/** A line that a program in another language wrote. */
export interface CommandAnswer {
  readonly id: number;
  readonly verdict: PlainVerdict;
}

/** Reads a line; undefined where it says not which question it answers. What is no verdict is an error of its own. */
export function readCommandAnswer(what: string, line: string): CommandAnswer | undefined {
  const answer = parse(line);
  if (typeof answer?.id !== "number") return undefined;
  return { id: answer.id, verdict: readVerdict(what, answer) };
}

type Fields = Readonly<Record<string, unknown>>;

function readVerdict(what: string, answer: Fields): PlainVerdict {
  const { kind, code, detail, message, hint } = answer;
  if (kind === "pass") return 1;
  if (kind === "fail" && typeof code === "string" && code !== "") {
    return typeof detail === "string" ? [code, detail] : code;
  }
  if (kind === "invalid" && typeof message === "string") {
    const known = typeof code === "string" ? (code as RrrErrorCode) : "verifier-failed";
    return typeof hint === "string" ? { code: known, message, hint } : { code: known, message };
  }
  return {
    code: "verifier-failed",
    message: `${what} gave an answer that is no verdict: ${show(answer)}`,
    hint: 'Kinds are "pass", "fail" with a "code", and "invalid" with a "message".',
  };
}

function parse(line: string): Fields | undefined {
  try {
    const answer: unknown = JSON.parse(line);
    return typeof answer === "object" && answer !== null ? (answer as Fields) : undefined;
  } catch {
    return undefined;
  }
}
