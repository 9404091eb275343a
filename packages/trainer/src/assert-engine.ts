import { RrrError } from "@rrr/core";
import type { Engine } from "./engine.ts";

const VERBS = [
  "sample",
  "forward",
  "forwardBackward",
  "optimStep",
  "saveState",
  "loadState",
  "exportModel",
  "weightsVersion",
  "close",
] as const;

type Claim = readonly [is: (value: unknown) => boolean, expected: string];

/** Of each capability: whether a value can be one, and what it can be. */
const CAPABILITIES: Readonly<Record<keyof Engine["capabilities"], Claim>> = {
  trains: oneOf("full", "lora"),
  fixed: [isObject, "an object"],
  normalizations: [Array.isArray, "a list"],
  surrogates: optional([Array.isArray, "a list"]),
  entropy: optional(oneOf(true, false)),
  seeds: oneOf(true, false),
  logprobs: oneOf("sampling", "one"),
  state: oneOf("folder", "address"),
};

/**
 * Whether a value has the parts of an engine; `testEngine` finds out whether they do what they should.
 * @throws bad-engine
 */
export function assertEngine(value: unknown): asserts value is Engine {
  if (!isObject(value)) throw wrong(`an engine must be an object, got ${typeof value}`);
  const field = (name: string, expected: string): RrrError =>
    wrong(`engine "${String(value.name)}": field "${name}" must be ${expected}`);
  if (typeof value.name !== "string") throw field("name", "text");
  for (const verb of VERBS) if (typeof value[verb] !== "function") throw field(verb, "a function");
  for (const verb of ["exportAdapter", "waitsFor"]) {
    if (value[verb] === undefined || typeof value[verb] === "function") continue;
    throw field(verb, "a function, if there is one");
  }
  if (
    value.initial !== undefined &&
    !(isObject(value.initial) && typeof value.initial.forward === "function")
  )
    throw field("initial", "an object with forward, if there is one");
  const { runtime, notes } = value;
  if (runtime !== undefined && typeof runtime !== "string") throw field("runtime", "text, if there is one");
  const isNotes = Array.isArray(notes) && notes.every((note) => typeof note === "string");
  if (notes !== undefined && !isNotes) throw field("notes", "a list of texts, if there is one");
  if (!isObject(value.tokenizer)) throw field("tokenizer", "an object");
  if (!Number.isSafeInteger(value.contextLength)) throw field("contextLength", "a whole number");
  for (const [name, [is, expected]] of Object.entries(CAPABILITIES)) {
    const claimed = isObject(value.capabilities) ? value.capabilities[name] : undefined;
    if (!is(claimed)) throw field(`capabilities.${name}`, expected);
  }
}

function wrong(message: string): RrrError {
  return new RrrError("bad-engine", message, {
    hint: "Write the engine against `Engine` of @rrr/trainer, and run testEngine() of @rrr/trainer/testing on it.",
  });
}

function optional([is, expected]: Claim): Claim {
  return [(value) => value === undefined || is(value), `${expected} or left out`];
}

function oneOf(...values: readonly unknown[]): Claim {
  return [(value) => values.includes(value), values.map((value) => JSON.stringify(value)).join(" or ")];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
