import type { Random } from "@rrr/core";

const PIECES = [
  ..."()+-*/=$`{}<> \n\t012345678",
  "<answer>",
  "</answer>",
  "<think>",
  "</think>",
  "<ANSWER>",
  "\\boxed{",
  "\\times",
  "25 + 7 - 8",
  "= 24",
  "×",
  "\u200b",
  "\ud800",
  "🙂",
];

/** Any text of up to 100,000 characters, short ones as often as long ones; often inside an answer's tags. */
export function randomOutput(random: Random): string {
  const length = Math.floor(100_000 ** random.next());
  const alphabet = Array.from({ length: 1 + random.int(8) }, () => random.pick(PIECES));
  // A random stretch, repeated: hostile text is mostly regular, and random text all through would cost more to make
  // than to judge.
  const stretch = Array.from({ length: 1 + random.int(60) }, () => random.pick(alphabet)).join("");
  const text = stretch.repeat(Math.ceil(length / stretch.length)).slice(0, length);
  return random.int(2) === 0 ? text : `<answer>${text}</answer>`.slice(-100_000);
}
