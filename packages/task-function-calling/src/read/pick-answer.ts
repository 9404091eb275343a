import type { Call } from "../call.ts";
import { isEmpty, type Piece } from "./find-pieces.ts";
import { matchAt } from "./found.ts";
import type { Syntax } from "./syntax.ts";

export type Answer =
  | { readonly kind: "none" }
  | { readonly kind: "calls"; readonly syntax: Syntax; readonly calls: readonly Call[] }
  | { readonly kind: "malformed"; readonly syntax: Syntax; readonly problem: string };

const SEPARATOR =
  /[\s,;]+|`+\w*|<\/?[a-z_][\w:-]*>|<[|｜][^<>\n]{1,40}[|｜]>|\[\/?[A-Z_]{3,}\]|functools|print\(|\)/giy;

/**
 * The answer among the pieces of an output. Neighbours, with nothing but separators between them, are one answer.
 * Where some are marked as calls, these are the answer, with their neighbours: what stands in prose before or behind
 * does not overturn them. Otherwise the last one is.
 * @param strict bare neighbours are no list
 */
export function pickAnswer(text: string, pieces: readonly Piece[], strict: boolean): Answer {
  const meant = pieces.some(({ isAside }) => !isAside) ? pieces.filter(({ isAside }) => !isAside) : pieces;
  const groups = toGroups(text, meant);
  const isMarked = (group: readonly Piece[]): boolean => group.some((piece) => piece.isMarked);
  if (groups.some(isMarked)) {
    return joined(groups.filter(isMarked).flatMap((group) => group.filter(isCallOrMarked)));
  }
  const last = groups.at(-1) ?? [];
  if (strict && last.length > 1) {
    return { kind: "malformed", syntax: "json", problem: "several values where one list must be" };
  }
  return joined(last);
}

function isCallOrMarked({ kind, isMarked }: Piece): boolean {
  return isMarked || kind === "calls";
}

function joined(pieces: readonly Piece[]): Answer {
  const [first] = pieces;
  if (first === undefined) return { kind: "none" };
  const broken = pieces.find((piece) => piece.kind === "malformed");
  if (broken?.kind === "malformed") return broken;
  const calls = pieces.flatMap((piece) => (piece.kind === "calls" ? piece.calls : []));
  const { syntax } = pieces.find((piece) => piece.syntax !== "json") ?? first;
  return { kind: "calls", syntax, calls };
}

function toGroups(text: string, pieces: readonly Piece[]): readonly (readonly Piece[])[] {
  const groups: Piece[][] = [];
  let last: Piece | undefined;
  for (const piece of pieces) {
    const group = groups.at(-1);
    if (last !== undefined && group !== undefined && areNeighbours(text, last, piece)) group.push(piece);
    else groups.push([piece]);
    last = piece;
  }
  return groups;
}

function areNeighbours(text: string, left: Piece, right: Piece): boolean {
  // An empty list takes back what stands before it.
  if (isEmpty(left) || isEmpty(right)) return false;
  let at = left.end;
  while (at < right.start) {
    const length = matchAt(SEPARATOR, text, at)?.[0].length ?? 0;
    if (length === 0) return false;
    at += length;
  }
  return true;
}
