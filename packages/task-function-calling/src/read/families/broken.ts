/** A bracket as only JSON begins; any other may be prose, such as `[1]` or `{x}`. */
const MEANT_AS_JSON =
  /\{\s*(?:["'}]|(?:name|function|tool_name|tool_calls|arguments|parameters|type|id)\s*:)|\[\s*[[{\]]/y;

/** A key that calls have, quoted in whatever way. */
const CALL_KEY = /["'“”]?\b(?:name|function|tool_name|tool_calls|arguments|parameters)["'“”]?\s*:/;

/**
 * The end of a value that begins as JSON and breaks off, where it is meant as calls: it then counts as malformed as a
 * whole. What is closed and has no key of a call is data, as a Python dict in prose is.
 */
export function brokenValue(text: string, at: number): { readonly end: number; readonly isMeant: boolean } {
  MEANT_AS_JSON.lastIndex = at;
  if (!MEANT_AS_JSON.test(text)) return { end: at + 1, isMeant: false };
  const { end, isClosed } = endOfBroken(text, at, 0);
  return { end, isMeant: !isClosed || CALL_KEY.test(text.slice(at, end)) };
}

/** Behind the bracket that closes the last of `depth` open ones; the end of the text, or a tag of thoughts, before. */
export function endOfBroken(
  text: string,
  at: number,
  depth: number,
): { readonly end: number; readonly isClosed: boolean } {
  let open = depth;
  let quoted = false;
  for (let i = at; i < text.length; i++) {
    const letter = text.charAt(i);
    if (letter === '"') quoted = !quoted;
    else if (letter === "\\") i += quoted ? 1 : 0;
    else if (letter === "<" && THINK.test(text.slice(i, i + 8))) return { end: i, isClosed: false };
    else if (quoted) continue;
    else if (letter === "[" || letter === "{") open++;
    else if ((letter === "]" || letter === "}") && --open === 0) return { end: i + 1, isClosed: true };
  }
  return { end: text.length, isClosed: false };
}

const THINK = /^<\/?think>/i;
