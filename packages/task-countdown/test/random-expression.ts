import type { Random } from "@rrr/core";

/** An expression of one to six numbers, with signs, blanks and needless parentheses here and there. */
export function randomExpression(random: Random, leaves: number = 1 + random.int(6)): string {
  const blank = random.int(3) > 0 ? " " : "";
  const sign = random.int(12) === 0 ? "-" : "";
  if (leaves === 1) return sign + String(random.int(100));
  const left = 1 + random.int(leaves - 1);
  const halves = [randomExpression(random, left), randomExpression(random, leaves - left)];
  const text = halves.join(blank + random.pick(["+", "-", "*", "/"]) + blank);
  return random.int(2) === 0 ? `${sign}(${text})` : text;
}

/** The text with one character left out, replaced or put in: mostly no expression any more. */
export function withTypo(random: Random, text: string): string {
  const at = random.int(text.length);
  const typed = random.pick([..."0123456789+-*/() "]);
  return text.slice(0, at) + random.pick(["", typed]) + text.slice(at + random.int(2));
}
