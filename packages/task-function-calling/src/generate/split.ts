import { isHeldOut } from "@rrr/core";

export type Split = "train" | "test";

/**
 * The split of a set of functions on offer, by their names alone: a set that tests use is never shown in training,
 * in whatever order or with whatever schemas.
 */
export function splitOfTools(names: readonly string[]): Split {
  return splitOf("tools", names.toSorted().join(" "));
}

/** The split of an answer (the JSON text of each call, in any order): held-out combinations of arguments. */
export function splitOfAnswer(calls: readonly string[]): Split {
  return splitOf("answer", calls.toSorted().join(" "));
}

/** The split of a query, whatever its capitals and spaces. */
export function splitOfQuery(query: string): Split {
  return splitOf("query", query.toLowerCase().split(/\s+/).join(" ").trim());
}

/** No seed or preset enters: nothing can move what is held out into training. */
function splitOf(kind: "tools" | "answer" | "query", text: string): Split {
  return isHeldOut("function-calling-split", kind, text) ? "test" : "train";
}
