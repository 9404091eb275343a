/**
 * Notations that plainly mean an expression over `0-9 + - * / ( )`, brought to that form. What is not listed here
 * is left as it stands, for the parser to refuse.
 */
const OPERATORS: readonly (readonly [RegExp, string])[] = [
  [/\p{White_Space}/gu, " "],
  [/[×·]|\\(?:times|cdot)(?![A-Za-z])/g, "*"],
  [/÷|\\div(?![A-Za-z])/g, "/"],
  [/−/g, "-"],
];

/** Writes every operator as `+ - * /` and every white space as a space. */
export function plainOperators(text: string): string {
  return OPERATORS.reduce((plain, [form, sign]) => plain.replace(form, sign), text);
}

/** The whole text's wrappers: `\boxed{…}`, `$…$`, backticks, each around everything or not at all. */
const WRAPPERS = [/^\\boxed *\{([^{}]*)\}$/, /^\$+([^$]*)\$+$/, /^`+([^`]*)`+$/];

/**
 * The expression of an answer in any of the listed notations. An equation is read as its one side where the other
 * is exactly the target.
 * @returns undefined for an equation that does not say so.
 */
export function readNotation(answer: string, target: number): string | undefined {
  if (PLAIN.test(answer)) return answer;
  const sides = unwrap(plainOperators(answer)).split("=").map(unwrap);
  const [left = "", right] = sides;
  if (right === undefined) return left;
  if (sides.length > 2) return undefined;
  if (right === String(target)) return left;
  return left === String(target) ? right : undefined;
}

const PLAIN = /^[0-9+\-*/() ]*$/;

function unwrap(text: string): string {
  // Not trim(): it would also drop a zero-width no-break space, which is no white space.
  const trimmed = text.replace(/^ +| +$/g, "");
  for (const wrapper of WRAPPERS) {
    const inside = wrapper.exec(trimmed)?.[1];
    if (inside !== undefined) return unwrap(inside);
  }
  return trimmed;
}
