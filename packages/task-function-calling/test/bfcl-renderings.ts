import type { Call } from "../src/call.ts";
import { isJsonArray, isJsonObject, type Json, type JsonObject } from "../src/json/json.ts";
import type { AcceptedCall } from "../src/match/bfcl/accepted.ts";

/** Whether an argument must be given although `""` is among its alternatives. */
export type IsRequired = (name: string, key: string) => boolean;

/**
 * The calls that an accepted answer stands for: each alternative of each argument once, the others by their first one;
 * then with all optional arguments left out, and in reverse order. The first has all that can be spelled out.
 */
export function renderAnswer(
  accepted: readonly AcceptedCall[],
  isRequired: IsRequired,
): readonly (readonly Call[])[] {
  const first = accepted.map(renderFirst);
  const renderings: (readonly Call[])[] = [first];
  for (const [i, answer] of accepted.entries()) {
    for (const [key, alternatives] of answer.arguments) {
      for (const value of alternatives.flatMap(spell)) {
        if (value !== "") renderings.push(first.with(i, withArgument(first[i] as Call, key, value)));
      }
      if (!alternatives.includes("") || isRequired(answer.name, key)) continue;
      renderings.push(first.with(i, withoutArgument(first[i] as Call, key)));
    }
  }
  renderings.push(accepted.map((answer, i) => withoutOptional(first[i] as Call, answer, isRequired)));
  if (accepted.length > 1) renderings.push(first.toReversed());
  return renderings;
}

function renderFirst({ name, arguments: given }: AcceptedCall): Call {
  const entries = Array.from(given, ([key, alternatives]) => {
    return [key, alternatives.flatMap(spell).find((value) => value !== "")] as const;
  });
  return {
    name,
    arguments: new Map(entries.filter((entry): entry is [string, Json] => entry[1] !== undefined)),
  };
}

function withoutOptional(call: Call, answer: AcceptedCall, isRequired: IsRequired): Call {
  return [...answer.arguments]
    .filter(([key, alternatives]) => alternatives.includes("") && !isRequired(answer.name, key))
    .reduce((left, [key]) => withoutArgument(left, key), call);
}

export function withArgument(call: Call, key: string, value: Json): Call {
  return { ...call, arguments: new Map(call.arguments).set(key, value) };
}

export function withoutArgument(call: Call, key: string): Call {
  return { ...call, arguments: new Map([...call.arguments].filter(([other]) => other !== key)) };
}

/** The plain values that an alternative stands for: a dict has alternatives of its own, and so may a list's dicts. */
export function spell(alternative: Json): readonly Json[] {
  if (isJsonArray(alternative)) {
    const first = alternative.map((element) => spell(element)[0] as Json);
    return [
      first,
      ...alternative.flatMap((element, i) =>
        spell(element)
          .slice(1)
          .map((one) => first.with(i, one)),
      ),
    ];
  }
  return isJsonObject(alternative) ? spellDict(alternative) : [alternative];
}

function spellDict(dict: JsonObject): readonly Json[] {
  const members = Array.from(
    dict,
    ([key, value]) => [key, isJsonArray(value) ? value.flatMap(spell) : []] as const,
  );
  if ([...dict.values()].some((value) => !isJsonArray(value))) return [dict];
  const first = new Map(
    members.flatMap(([key, values]) =>
      values
        .filter((value) => value !== "")
        .slice(0, 1)
        .map((value) => [key, value] as const),
    ),
  );
  const without = (key: string): JsonObject => new Map([...first].filter(([other]) => other !== key));
  const others = members.flatMap(([key, values]) => {
    return values.map((value) => (value === "" ? without(key) : new Map(first).set(key, value)));
  });
  return [first, ...others];
}
