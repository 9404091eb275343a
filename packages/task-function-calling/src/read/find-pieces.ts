import { readBare } from "./families/bare.ts";
import { readFence, readTag } from "./families/containers.ts";
import { readMarked, readNamed } from "./families/marked.ts";
import { readPythonCall, readPythonList } from "./families/python-calls.ts";
import { readUntyped } from "./families/untyped.ts";
import { data, type Found, type Meant, malformed, matchAt } from "./found.ts";
import type { Offer } from "./offer.ts";

/** A part of an output that makes calls, or was meant to. */
export type Piece = Meant & {
  readonly start: number;
  /** It stands in markup that says that it is a call, and closes it. */
  readonly isMarked: boolean;
};

/**
 * Whatever may begin a piece, a thought, or a response of a tool that the model made up. Of brackets only those that can
 * begin a value or a call: prose and hostile text are full of others.
 */
const OPENINGS =
  /<\/?think>|<(?:tool_(?:response|output|result)s?|function_(?:response|result)s?)>|`{3,}|<tool_call>|<function=|<(?:｜DSML｜)?invoke\s|<[|｜]tool[▁_]call[▁_]begin[|｜]>|<start_function_call>|to=functions\.|\[TOOL_CALLS\]|\[(?=\s*(?:["'[{\]\w#-]|[\u0080-\uffff]))|\{(?=\s*["'}\w]|\{\s*")|(?<=[\w.\-\u0080-\uffff])\(/gi;

const THINK = /<\/?think>/gi;
/** Broken pieces, so that whatever is tried again and again stays cheap. */
const MAX_BROKEN = 64;

const WRAPPER = /<(\|?(?:tools?|tool_?calls?|functions?|function_?calls?)\|?)>\s*$/i;

/**
 * Everything in an output that makes calls outside thoughts, in one pass. What an opening begins is read as a whole, so
 * that no part of a broken or foreign value passes for a call; a tag of thoughts within an argument's text is text.
 */
export function findPieces(output: string, offer: Offer): readonly Piece[] {
  let pieces: Piece[] = [];
  let codeEnd = 0;
  let broken = 0;
  let at = 0;
  while (true) {
    // After so much that is broken, only the end of a thought can make a difference.
    const opening = matchAt(broken < MAX_BROKEN ? OPENINGS : THINK, output, at);
    if (opening === undefined) return pieces;
    const { 0: mark, index } = opening;
    if (/^<think>$/i.test(mark)) at = endOfThought(output, index + mark.length);
    else if (mark.startsWith("</")) {
      // A thought that was never opened began with the output.
      [pieces, codeEnd, broken] = [[], 0, 0];
      at = index + mark.length;
    } else if (/^<(?:tool|function)_re/i.test(mark) || /^<tool_out/i.test(mark)) {
      at = endOfResponse(output, index, mark);
    } else {
      const found = readAt(output, index, mark, offer, index < codeEnd);
      if (found.kind === "code") {
        codeEnd = found.end;
        at = found.start;
        continue;
      }
      at = found.kind === "calls" ? found.end : beforeThought(output, index, found.end);
      if (found.kind === "data") continue;
      const { start = index } = found;
      const isMarked = !(mark.length === 1 || mark.startsWith("`")) || isWrapped(output, start, found.end);
      const piece = { ...found, start, isMarked };
      // Of empty lists in a row, the last one says it all.
      if (isEmpty(piece) && isEmpty(pieces.at(-1))) pieces.pop();
      pieces.push(piece);
      if (found.kind === "malformed") broken += isMarked ? MAX_BROKEN : 1;
    }
  }
}

/** A list of no calls. */
export function isEmpty(piece: Piece | undefined): boolean {
  return piece?.kind === "calls" && piece.calls.length === 0 && !piece.isMarked;
}

const JSON_BEHIND = /\s*[[{]/y;

type Read = Found | { readonly kind: "code"; start: number; end: number };

function readAt(text: string, at: number, mark: string, offer: Offer, isCode: boolean): Read {
  const first = mark.charAt(0);
  if (first === "(") return readPythonCall(text, at, offer) ?? data(at + 1);
  if (isCode && mark.length === 1) {
    const read = first === "{" ? readNamed(text, at, offer.isOffered) : readPythonList(text, at, offer);
    return read ?? data(at + 1);
  }
  if (first === "`") return isCode ? data(at + mark.length) : readFence(text, at, offer);
  if (mark.length === 1) return readBare(text, at, offer);
  if (/^<tool_call>$/i.test(mark)) return readTag(text, at, offer);
  const found = readMarked(text, at) ?? readUntyped(text, at, offer);
  if (found !== undefined) return found;
  // What follows is a list of JSON, or one of its values.
  if (first === "[" && matchAt(JSON_BEHIND, text, at + mark.length)) return data(at + mark.length);
  return malformed("json", at + mark.length, `${JSON.stringify(mark)} begins a call that cannot be read`);
}

/** Whether tags that name calls stand around a value. */
function isWrapped(text: string, start: number, end: number): boolean {
  const tag = WRAPPER.exec(text.slice(Math.max(0, start - 40), start))?.[1];
  if (tag === undefined) return false;
  const behind = text
    .slice(end, end + 60)
    .trimStart()
    .toLowerCase();
  const [left, name] = tag.startsWith("|") ? ["<|/", tag.slice(1)] : ["</", tag];
  return behind.startsWith(`${left}${name.toLowerCase()}>`) || behind.startsWith(`</${tag.toLowerCase()}>`);
}

function endOfThought(text: string, at: number): number {
  const tags = THINK;
  for (let tag = matchAt(tags, text, at); tag !== undefined; tag = matchAt(tags, text, tags.lastIndex)) {
    if (tag[0].startsWith("</")) return tags.lastIndex;
  }
  return text.length;
}

function endOfResponse(text: string, at: number, mark: string): number {
  const end = text.indexOf(`</${mark.slice(1)}`, at);
  return end < 0 ? beforeThought(text, at, text.length) : end + mark.length + 1;
}

/** Where a thought's tag stands before the end of what is no call: that part may have been one's draft. */
function beforeThought(text: string, start: number, end: number): number {
  if (end - start < 7) return end;
  return matchAt(THINK, text.slice(0, end), start)?.index ?? end;
}
