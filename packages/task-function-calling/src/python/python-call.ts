import type { Call } from "../call.ts";
import type { Json } from "../json/json.ts";
import { type Cursor, next, readPythonValue } from "./python-value.ts";

/** Calls as Python writes them, or the first thing that makes them none. */
export type PythonReading<Value> =
  | { readonly kind: "read"; readonly value: Value }
  | { readonly kind: "refused"; readonly problem: string };

const NAME = /[\p{L}_][\p{L}\p{N}_.-]*/uy;
const KEYWORD = /([\p{L}_][\p{L}\p{N}_]*)\s*=(?!=)/uy;

/** `f(a=1), g()` up to what is no comma; the cursor then stands there. */
export function readPythonCalls(cursor: Cursor): PythonReading<readonly Call[]> {
  const calls: Call[] = [];
  while (true) {
    next(cursor);
    NAME.lastIndex = cursor.at;
    const name = NAME.exec(cursor.text)?.[0];
    if (name === undefined) return calls.length > 0 ? { kind: "read", value: calls } : refused("no call");
    cursor.at += name.length;
    if (next(cursor) !== "(") return refused("a name that is not called");
    const given = readPythonArguments(cursor);
    if (given.kind === "refused") return given;
    calls.push({ name, arguments: given.value });
    if (next(cursor) !== ",") return { kind: "read", value: calls };
    cursor.at++;
  }
}

/** `(a=1, b="x")`: keywords with literals, each once. */
export function readPythonArguments(cursor: Cursor): PythonReading<ReadonlyMap<string, Json>> {
  const given = new Map<string, Json>();
  cursor.at++;
  while (next(cursor) !== ")") {
    KEYWORD.lastIndex = cursor.at;
    const [written, key] = KEYWORD.exec(cursor.text) ?? [];
    if (written === undefined || key === undefined) return refused("an argument without its name");
    if (given.has(key)) return refused(`the argument ${JSON.stringify(key.slice(0, 80))} twice`);
    cursor.at += written.length;
    const value = readPythonValue(cursor);
    if (value === undefined) return refused(`argument ${JSON.stringify(key.slice(0, 80))} is no literal`);
    given.set(key, value);
    if (next(cursor) === ",") cursor.at++;
    else if (next(cursor) !== ")") {
      return refused(`more than a literal in argument ${JSON.stringify(key.slice(0, 80))}`);
    }
  }
  cursor.at++;
  return { kind: "read", value: given };
}

function refused(problem: string): { readonly kind: "refused"; readonly problem: string } {
  return { kind: "refused", problem };
}
