import type { CountdownItem } from "./item.ts";
import { plainOperators } from "./notation.ts";
import { verifyExpression } from "./verify.ts";

/**
 * Whether a text states a complete right answer anywhere, by the verifier's own rules: every stretch that reads
 * like an expression is tried, each side of an equation on its own.
 */
export function statesAnswer(item: CountdownItem, text: string): boolean {
  // Line by line too: the dash of a list is no minus.
  const views = text.includes("\n") ? [text, ...text.split("\n")] : [text];
  return views.some((view) =>
    stretchesIn(view)
      .filter((tokens) => tokens.filter(startsNumber).length === item.numbers.length)
      .flatMap(expressionsOf)
      .some((expression) => verifyExpression(item, expression).kind === "pass"),
  );
}

/** Stretches of numbers, operators and parentheses, as long as they can be. */
function stretchesIn(text: string): string[][] {
  const unwrapped = plainOperators(text)
    .replace(/[$`]|\\[()[\]]/g, " ")
    .replace(/\} *\{/g, ")/(")
    .replace(/(?:\\boxed *|\\[dtc]?frac *)?\{/g, "(")
    .replaceAll("}", ")");
  const stretches: string[][] = [[]];
  for (const token of unwrapped.match(/\d+(?:\.\d+)?|[-+*/()]|[^\s]/g) ?? []) {
    const current = stretches.at(-1) as string[];
    if (!/^[\d+\-*/()]/.test(token)) stretches.push([]);
    else if (endsOperand(current.at(-1)) && startsOperand(token)) stretches.push([token]);
    else current.push(token);
  }
  return stretches.flatMap(splitAtStrayParentheses);
}

function startsNumber(token: string): boolean {
  return /^\d/.test(token);
}

function endsOperand(token: string | undefined): boolean {
  return token !== undefined && /^[\d)]/.test(token);
}

function startsOperand(token: string): boolean {
  return /^[\d(]/.test(token);
}

/** `(so 25 + 7 - 8)`: the words took the opening parenthesis with them. */
function splitAtStrayParentheses(tokens: readonly string[]): string[][] {
  const stray = new Set<number>();
  const open: number[] = [];
  tokens.forEach((token, i) => {
    if (token === "(") open.push(i);
    else if (token === ")" && open.pop() === undefined) stray.add(i);
  });
  for (const i of open) stray.add(i);
  const parts: string[][] = [[]];
  tokens.forEach((token, i) => {
    if (stray.has(i)) parts.push([]);
    else parts.at(-1)?.push(token);
  });
  return parts;
}

/** Without the operators at the ends; a leading minus may be a sign or a dash, so both readings are kept. */
function expressionsOf(tokens: readonly string[]): string[] {
  const first = tokens.findIndex((token) => !isOperator(token));
  const end = tokens.findLastIndex((token) => !isOperator(token)) + 1;
  const minus = tokens.indexOf("-");
  const starts = minus >= 0 && minus < first ? [minus, first] : [first];
  return starts.map((start) => tokens.slice(start, end).join(" "));
}

function isOperator(token: string): boolean {
  return /^[-+*/]$/.test(token);
}
