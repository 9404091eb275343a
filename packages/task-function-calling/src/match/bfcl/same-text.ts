import { JsonNumber } from "../../json/json.ts";
import { sameJson } from "../../json/same-json.ts";

/** What BFCL does not count in a string: "April 1, 2024" and "april 1 2024" are the same. */
const IGNORED = new Set(" ,./-_*^");
const NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;

/**
 * Whether two strings are the same to BFCL: case, spaces and `,./-_*^` do not count, and quotes are all alike.
 * Two limits of ours: strings of which nothing else is left are compared as written ("," is not "-"), and numbers
 * must be the same number besides ("2.5" is not "25", as "3.1" is not "3.10" to BFCL: they may be versions).
 */
export function sameText(a: string, b: string): boolean {
  if (a === b) return true;
  if (NUMBER.test(a) && NUMBER.test(b) && !sameJson(new JsonNumber(a), new JsonNumber(b))) return false;
  // Side by side up to the first difference: standardized copies would cost the whole of a long string each time.
  let i = nextCounted(a, 0);
  let j = nextCounted(b, 0);
  if (i === a.length || j === b.length) return false;
  while (i < a.length && j < b.length && fold(a.charAt(i)) === fold(b.charAt(j))) {
    i = nextCounted(a, i + 1);
    j = nextCounted(b, j + 1);
  }
  return i === a.length && j === b.length;
}

/** The next place, from `at` on, of a character that counts. */
function nextCounted(text: string, at: number): number {
  let place = at;
  while (place < text.length && IGNORED.has(text.charAt(place))) place++;
  return place;
}

function fold(character: string): string {
  return character === "'" ? '"' : character.toLowerCase();
}
