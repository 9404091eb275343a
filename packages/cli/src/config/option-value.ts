import { RrrError } from "@rrr/core";
import { InvalidArgumentError, type Option } from "commander";

const EACH_VALUE = "A list must have, one by one, what the command line has between commas.";
const ONE_VALUE = "It takes a value, as on the command line.";

/**
 * What a command makes of an option's value in a configuration: as on the command line, but numbers, texts, lists and
 * switches are told apart.
 * @param options the option, and its --no- form where there is one
 * @param where for messages: `rrr.config.ts: run.steps`
 * @throws RrrError `bad-argument`
 */
export function optionValue(options: readonly Option[], value: unknown, where: string): unknown {
  if (typeof value === "boolean") {
    if (options.some(({ required }) => !required)) return value;
    throw refusal(where, value, ONE_VALUE);
  }
  const option = options.find(({ required, optional }) => required || optional);
  if (option === undefined) throw refusal(where, value, "It must be true or false.");
  const one: unknown = Array.isArray(value) ? value.join(",") : value;
  if (!isPlain(one)) throw refusal(where, value, ONE_VALUE);
  const parsed = parse(option, one, where);
  if (Array.isArray(value) && !isSameList(parsed, value)) {
    throw refusal(where, value, Array.isArray(parsed) ? EACH_VALUE : ONE_VALUE);
  }
  if (typeof value === "number" && ![parsed].flat().every((each) => typeof each === "number"))
    throw refusal(where, value, "It must be text.");
  // "30m" is the text of a number, "3" is a number in quotation marks.
  const isQuoted = typeof value === "string" && typeof parsed === "number" && Number.isFinite(Number(value));
  if (isQuoted) throw refusal(where, value, "It must be a number, without quotation marks.");
  return parsed;
}

function isPlain(value: unknown): value is string | number {
  return typeof value === "string" || typeof value === "number";
}

/** Whether the option takes a list, and this one means to it what it says: no text that is two, no number in text's place. */
function isSameList(parsed: unknown, value: readonly unknown[]): boolean {
  if (!Array.isArray(parsed) || parsed.length !== value.length) return false;
  return parsed.every((each, i) => each === value[i] && each !== "");
}

function parse(option: Option, value: string | number, where: string): unknown {
  try {
    return option.parseArg === undefined ? String(value) : option.parseArg(String(value), undefined as never);
  } catch (error) {
    if (error instanceof InvalidArgumentError) throw refusal(where, value, error.message);
    throw error;
  }
}

function refusal(where: string, value: unknown, hint: string): RrrError {
  return new RrrError("bad-argument", `${where} cannot be ${shown(value)}`, { hint });
}

/** A configuration that is a program can hold what JSON cannot say. */
function shown(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}
