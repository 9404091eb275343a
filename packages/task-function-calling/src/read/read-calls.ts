import type { ToolDefinition } from "@rrr/core";
import type { Call } from "../call.ts";
import type { Fail } from "../fail.ts";
import { prepareTools } from "../schema/prepare-tools.ts";
import { typedValue } from "../schema/typed-value.ts";
import { readWholePython } from "./families/whole-python.ts";
import { findPieces } from "./find-pieces.ts";
import type { Offer } from "./offer.ts";
import { type Answer, pickAnswer } from "./pick-answer.ts";
import type { Format, Syntax } from "./syntax.ts";
import { withoutThoughts } from "./thoughts.ts";

/** Characters outside thoughts: many times what any list of calls needs. */
const MAX_LENGTH = 2 ** 15;

/** Markup before the first call of a list. */
const BEGUN = /<[|｜]tool[▁_]calls[▁_](?:section_)?begin[|｜]>|\[TOOL_CALLS\]|<\|python_tag\|>/;

/** Tags of thoughts up to which an output is searched for calls that quote them. */
const MAX_TAGS = 8;

export type CallsReading =
  | { readonly kind: "calls"; readonly syntax: Syntax; readonly calls: readonly Call[] }
  | (Fail & { readonly syntax?: Syntax });

export interface ReadOptions {
  /** Which syntax is read. Default `auto`: all that the README lists. */
  readonly format?: Format;
  /** The functions on offer: some syntaxes are told from prose, and text from numbers, by them. Default none. */
  readonly tools?: readonly ToolDefinition[];
  /** Calls of Python count only as the whole output, as the leaderboard reads them. Default false. */
  readonly wholePython?: boolean;
  /** The name of the tool that a call names. Default: the same name. */
  readonly nameOf?: (name: string) => string | undefined;
}

/**
 * The calls of a model's output, outside `<think>`: neighbours together; those in markup of calls, if there are any,
 * else the last ones. The README has the syntaxes and the rules.
 */
export function readCalls(output: string, options: ReadOptions = {}): CallsReading {
  const { format = "auto" } = options;
  const said = withoutThoughts(output);
  if (said.length > MAX_LENGTH) return malformed(`${said.length} characters, at most ${MAX_LENGTH}`);
  const offer = toOffer(options);
  const answer = readAnswer(quotesNoThought(output) ? said : output, offer);
  if (answer.kind === "none" && BEGUN.test(said)) return malformed("calls are announced, and none follows");
  if (answer.kind === "none") return { kind: "fail", code: "no-call", detail: "no call outside <think>" };
  if (format !== "auto" && answer.syntax !== format) {
    return malformed(`calls in the syntax ${answer.syntax}, where only ${format} is read`);
  }
  return answer.kind === "calls" ? answer : { ...malformed(answer.problem), syntax: answer.syntax };
}

/** Whether tags of thoughts are just that: an argument's text that quotes one is short, and quotes few. */
function quotesNoThought(output: string): boolean {
  const tags = output.match(/<\/?think>/gi)?.length ?? 0;
  const isThoughtFirst = tags <= 2 && /^\s*<think>/i.test(output);
  return output.length > MAX_LENGTH || tags > MAX_TAGS || isThoughtFirst;
}

function readAnswer(output: string, offer: Offer): Answer {
  const whole = offer.wholePython ? readWholePython(output) : undefined;
  return whole ?? pickAnswer(output, findPieces(output, offer), offer.strict);
}

function toOffer({ format, tools = [], wholePython = false, nameOf = (name) => name }: ReadOptions): Offer {
  const prepared = prepareTools(tools);
  const toolOf = (name: string) => prepared.get(nameOf(name) ?? "");
  return {
    strict: format === "json",
    wholePython,
    isOffered: (name) => toolOf(name) !== undefined,
    valueOf: (name, argument, text) => typedValue(toolOf(name), argument, text),
  };
}

function malformed(detail: string): Fail {
  return { kind: "fail", code: "malformed-json", detail };
}
