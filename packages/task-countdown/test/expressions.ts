import fc from "fast-check";

/** Text that is an expression of the given leaves, with signs, spaces and needless parentheses here and there. */
export const expressionText: fc.Arbitrary<string> = fc.letrec<{ tree: string }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.integer({ min: 0, max: 99 }).map(String),
    fc
      .tuple(tie("tree"), fc.constantFrom("+", "-", "*", "/", " + ", " - ", " * ", " / "), tie("tree"))
      .map((parts) => parts.join("")),
    tie("tree").map((inner) => `(${inner})`),
    tie("tree").map((inner) => `-(${inner})`),
    tie("tree").map((inner) => `-${inner}`),
  ),
})).tree;

/** Any text over the characters that the parser knows, mostly no expression. */
export const almostExpression: fc.Arbitrary<string> = fc
  .array(fc.constantFrom("1", "2", "0", "12", "+", "-", "*", "/", "(", ")", " "), { maxLength: 12 })
  .map((parts) => parts.join(""));
