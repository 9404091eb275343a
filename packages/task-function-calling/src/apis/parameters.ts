/** Parameters by the kind of their value: what the descriptions of functions are written with. */
import type { Random } from "@rrr/core";
import type { Range } from "../generate/sample.ts";
import { type JsonSchema, type JsonValue, objectSchema, type Parameter } from "./api.ts";
import { fill, valuesOf } from "./fill.ts";
import type { Way } from "./ways.ts";

/** A text that is copied as it was said. */
export function text(name: string, values: readonly string[], description?: string): Parameter {
  return parameter(name, described({ type: "string" }, description), (random) => {
    const value = random.pick(values);
    return { value, words: value };
  });
}

/** A text without end of possible values, copied as it was said: `made("order", (random) => ...)`. */
export function made(name: string, make: (random: Random) => string, description?: string): Parameter {
  return parameter(name, described({ type: "string" }, description), (random) => {
    const value = make(random);
    return { value, words: value };
  });
}

/** A text that the description tells how to find, `{ value: words }`: the schema does not list the values. */
export function coded(
  name: string,
  options: Readonly<Record<string, string>>,
  description: string,
): Parameter {
  return { ...choice(name, options), schema: { type: "string", description } };
}

/** One of a list of values, each with the words for it, `{ value: words }`, in the order of the enum. */
export function choice(
  name: string,
  options: Readonly<Record<string, string>>,
  description?: string,
): Parameter {
  const values = Object.keys(options);
  return parameter(name, described({ type: "string", enum: values }, description), (random) => {
    const value = random.pick(values);
    return { value, words: options[value] as string };
  });
}

/** True, and the words that say so: what is not said is left out. */
export function flag(name: string, words: string, description?: string): Parameter {
  return parameter(name, described({ type: "boolean" }, description), () => ({ value: true, words }));
}

/** True or false, each with the words that say so. */
export function yesNo(
  name: string,
  words: { readonly yes: string; readonly no: string },
  description?: string,
): Parameter {
  return parameter(name, described({ type: "boolean" }, description), (random) => {
    return random.next() < 0.5 ? { value: true, words: words.yes } : { value: false, words: words.no };
  });
}

/** A whole number, said in any of several ways. */
export function whole(name: string, ways: readonly Way[], description?: string): Parameter {
  const schema = described({ type: "integer" }, description);
  return parameter(name, schema, (random) => random.pick(ways)(random));
}

/** A number that need not be whole, said in any of several ways. */
export function number(name: string, ways: readonly Way[], description?: string): Parameter {
  return { ...whole(name, ways), schema: described({ type: "number" }, description) };
}

/** Several different values of the same kind, in the order in which they are said: "A, B and C". */
export function list(name: string, of: Parameter, count: Range, description?: string): Parameter {
  const schema = described({ type: "array", items: of.schema }, description);
  return parameter(name, schema, (random) => {
    const length = count.min + random.int(count.max - count.min + 1);
    const said = new Map<string, JsonValue>();
    while (said.size < length) {
      const { value, words } = of.say(random);
      said.set(words, value);
    }
    const [last, ...others] = [...said.keys()].toReversed();
    const words = others.length === 0 ? `${last}` : `${others.toReversed().join(", ")} and ${last}`;
    return { value: [...said.values()], words };
  });
}

/** A nested object, said in any of several ways, written as requests are: "{street} {number}[, {city}]". */
export function object(
  name: string,
  fields: readonly Parameter[],
  ways: readonly string[],
  description?: string,
): Parameter {
  return parameter(name, described(objectSchema(fields), description), (random) => {
    const { sentence, said } = fill(random.pick(ways), fields, random);
    return { value: valuesOf(said, fields), words: sentence };
  });
}

/** The parameter, which a caller may leave out, for a declared default where it has one. */
export function optional(of: Parameter, value?: JsonValue): Parameter {
  const schema = value === undefined ? of.schema : { ...of.schema, default: value };
  return { ...of, schema, required: false };
}

function parameter(name: string, schema: JsonSchema, say: Parameter["say"]): Parameter {
  return { name, schema, required: true, say };
}

function described(schema: JsonSchema, description: string | undefined): JsonSchema {
  return description === undefined ? schema : { ...schema, description };
}
