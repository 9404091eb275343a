/**
 * Notations that plainly mean an expression over `0-9 + - * / ( )`, brought to that form. What is not listed here
 * is left as it stands, for the parser to refuse.
 */
const OPERATORS: readonly (readonly [RegExp, string])[] = [
  [/\p{White_Space}|\\[,;:! ]|\\q?quad(?![A-Za-z])/gu, " "],
  // The size of parentheses.
  [/\\(?:left|right|[bB]igg?[lr]?) *(?=[()])/g, ""],
  [/[×·⋅∙∗]|\\(?:times|cdot)(?![A-Za-z])/g, "*"],
  [/[÷∕⁄]|\\div(?![A-Za-z])/g, "/"],
  [/−/g, "-"],
];

/** Writes every operator as `+ - * /` and every white space as a space. */
export function plainOperators(text: string): string {
  return OPERATORS.reduce((plain, [form, sign]) => plain.replace(form, sign), text);
}

/**
 * The expression of an answer in any of the listed notations. An equation is read as its one side where the other
 * is exactly the target.
 * @returns undefined for an equation that does not say so.
 */
export function readNotation(answer: string, target: number): string | undefined {
  if (PLAIN.test(answer)) return answer;
  const opened = openWrappers(plainOperators(answer));
  if (opened === undefined) return answer;
  const sides = takeOffBoxes(opened).split("=");
  const [left = "", right] = sides;
  if (right === undefined) return boxesToParentheses(left);
  if (sides.length > 2) return undefined;
  if (isTarget(right, target)) return boxesToParentheses(left);
  return isTarget(left, target) ? boxesToParentheses(right) : undefined;
}

const PLAIN = /^[0-9+\-*/() ]*$/;

const MARKS = /\\[()[\]]|(?:\\boxed *|\\[dtc]?frac *)?\{|\}(?: *\{)?|\$+|`+/g;

const PARTNERS = new Map([
  ["\\(", "\\)"],
  ["\\[", "\\]"],
]);
const ABOVE = "the numerator's brace";
const BELOW = "the denominator's brace";

/**
 * Leaves a space for each `$`, backtick, `\(` and `\[`, which are not seen once typeset, and `{…}` for each `\boxed{…}`,
 * which is; `\frac{a}{b}` becomes `((a)/(b))`.
 * @returns undefined where a mark has no partner: the parser knows none of them.
 */
function openWrappers(text: string): string | undefined {
  const open: string[] = [];
  const opened = text.replace(MARKS, (mark) => {
    const last = open.at(-1);
    if (mark.startsWith("}")) {
      open.pop();
      if (mark === "}" && last === "}") return "}";
      if (mark === "}" && last === BELOW) return "))";
      open.push(mark !== "}" && last === ABOVE ? BELOW : "a brace that closes nothing");
      return ")/(";
    }
    if (mark === last) {
      open.pop();
      return " ";
    }
    if (mark.includes("frac")) {
      open.push(ABOVE);
      return "((";
    }
    if (mark.startsWith("\\boxed")) {
      open.push("}");
      return "{";
    }
    open.push(mark === "{" ? "a brace that closes nothing" : (PARTNERS.get(mark) ?? mark));
    return " ";
  });
  return open.length === 0 ? opened : undefined;
}

/** Takes off the boxes that are around the whole text: they may hold an equation. */
function takeOffBoxes(text: string): string {
  const inside = /^ *\{(.*)\} *$/.exec(text)?.[1];
  return inside !== undefined && closesWhatItOpens(inside) ? takeOffBoxes(inside) : text;
}

function closesWhatItOpens(text: string): boolean {
  let depth = 0;
  for (const brace of text.match(/[{}]/g) ?? []) {
    depth += brace === "{" ? 1 : -1;
    if (depth < 0) return false;
  }
  return depth === 0;
}

/** A box holds together what is in it. */
function boxesToParentheses(text: string): string {
  return text.replaceAll("{", "(").replaceAll("}", ")");
}

function isTarget(side: string, target: number): boolean {
  const [, sign = "", digits] = /^ *(-?) *([0-9]+) *$/.exec(takeOffBoxes(side)) ?? [];
  return digits !== undefined && sign + digits === String(target);
}
