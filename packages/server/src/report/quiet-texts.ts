/** Texts of a report: cut, and without what they say of machines and people. */
import type { ShownText } from "../view/api.ts";
import type { Scrub } from "./scrub.ts";

/** Characters of a text that a report has. */
export const TEXT_LENGTH = 4_000;
/** Of a text beside others: the members of a group. */
export const SIDE_LENGTH = 1_000;
/** At the end of a text that came cut may stand half a name: nobody would know it for one. */
const HALF_NAME = 400;

/** @param scrub takes out what a report leaves out */
export function quietText(
  { text, length }: ShownText,
  scrub: (text: string) => string,
  most: number = TEXT_LENGTH,
): ShownText {
  const isCut = length > text.length;
  const quiet = scrub(isCut ? withoutHalfName(text) : text);
  if (!isCut && quiet.length <= most) return { text: quiet, length: quiet.length };
  return { text: wholeCharacters(quiet.slice(0, most)), length: Math.max(length, most + 1) };
}

/** A line for a list. */
export function quietLine({ text }: ShownText, most: number): string {
  const line = text
    .slice(0, 4 * most)
    .replaceAll(/\s+/g, " ")
    .trim();
  return line.length <= most ? line : `${wholeCharacters(line.slice(0, most - 1))}…`;
}

function withoutHalfName(text: string): string {
  const end = /\s\S*$/.exec(text.slice(-HALF_NAME));
  return text.slice(0, end === null ? -HALF_NAME : text.length - end[0].length);
}

/** Not half of a surrogate pair at the end. */
function wholeCharacters(text: string): string {
  return text.replace(/[\ud800-\udbff]$/, "");
}

/** Of what is told of a run itself. */
const LONGEST = 2_000;

/** Every text of a value as rrr may tell it: what was looked at before stays as it is. */
export function ownTexts<Value>(value: Value, scrub: Scrub): Value {
  if (typeof value === "string") return scrub.own(value) as Value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((each) => ownTexts(each, scrub)) as Value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, ownTexts(each, scrub)]),
  ) as Value;
}

/** As `ownTexts`, and none longer than what rrr itself writes. */
export function shortTexts<Value>(value: Value, scrub: Scrub): Value {
  return JSON.parse(
    JSON.stringify(ownTexts(value, scrub), (_, each: unknown) =>
      typeof each === "string" && each.length > LONGEST
        ? `${wholeCharacters(each.slice(0, LONGEST))}…`
        : each,
    ),
  ) as Value;
}
