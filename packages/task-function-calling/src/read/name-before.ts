/** A name that ends before a place, and where it starts. */
export interface NameBefore {
  readonly name: string;
  readonly start: number;
}

const MAX_LENGTH = 128;

/**
 * The name that stands right before `at`, walked to and not searched for: brackets are many in hostile text.
 * @param blanks white space, and line breaks too, may stand between
 */
export function nameBefore(text: string, at: number, blanks: boolean): NameBefore | undefined {
  let end = at;
  while (blanks && end > 0 && at - end < MAX_LENGTH && text.charCodeAt(end - 1) <= 32) end--;
  let start = end;
  while (start > 0 && end - start <= MAX_LENGTH && isNamePart(text.charCodeAt(start - 1))) start--;
  return start === end || end - start > MAX_LENGTH ? undefined : { name: text.slice(start, end), start };
}

/** Letters of any script, digits, `_`, `.` and `-`. */
function isNamePart(code: number): boolean {
  const isLetter = (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;
  const isOther = (code >= 48 && code <= 57) || code === 45 || code === 46;
  return isLetter || isOther || (code > 127 && /[\p{L}\p{N}]/u.test(String.fromCharCode(code)));
}
