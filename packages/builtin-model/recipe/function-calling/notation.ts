/** How calls and thoughts are written, as pieces of one token each. */
import type { Api } from "@rrr/task-function-calling";
import { isText } from "./slots.ts";

/** A call as written: the text of each argument, right or wrong, by parameter. */
export interface Call {
  readonly api: Api;
  readonly values: ReadonlyMap<string, string>;
}

export function sameCall(a: Call, b: Call): boolean {
  const same = [...a.values].every(([name, value]) => b.values.get(name) === value);
  return a.api.name === b.api.name && a.values.size === b.values.size && same;
}

/** `[{"name": "buy", "arguments": {"product": "eggs", "count": 6}}]`, in the order of the function's parameters. */
export function answer({ api, values }: Call): readonly string[] {
  const written = api.parameters.filter(({ name }) => values.has(name));
  if (written.length === 0) return [opening, api.name, noArguments];
  const pieces = [opening, api.name, argumentsFollow];
  written.forEach((parameter, i) => {
    const [comma, end] = isText(parameter) ? ['", "', '"}}]'] : [', "', "}}]"];
    pieces.push(key(parameter), values.get(parameter.name) as string, i < written.length - 1 ? comma : end);
  });
  return pieces;
}

const opening = '[{"name": "';
const argumentsFollow = '", "arguments": {"';
const noArguments = '", "arguments": {}}]';

export function key(parameter: Api["parameters"][number]): string {
  return isText(parameter) ? `${parameter.name}": "` : `${parameter.name}": `;
}

/** Thoughts and checks name a parameter so. */
export function mention(name: string): string {
  return `; ${name} `;
}

export const tool = "tool ";
export const check = "Let me check: ";
export const onlyThis = "One thing";
/**
 * Thoughts and checks end early in different words: how patient each is, is for the model to learn apart. With one
 * sentence for both, rewarding reflections alone took first attempts along to where nothing was left to reflect on.
 */
export const theRestIsClear = ". The rest is clear.";
export const theRestLooksRight = ". The rest looks right.";
export const fullStop = ".";
export const ok = " ok";
export const was = " was ";
export const wasMissing = " was missing";
export const platitudes: readonly string[] = [
  "I should be more careful next time.",
  "I need to read the request again.",
  "I should think step by step.",
  "I must stick to the schema.",
];

export const fixedPieces: readonly string[] = [
  ...["<think>", "</think>", opening, argumentsFollow, noArguments, '", "', ', "', '"}}]', "}}]", "true"],
  ...[tool, check, onlyThis, theRestIsClear, theRestLooksRight, ok, was, wasMissing, ...platitudes],
];
