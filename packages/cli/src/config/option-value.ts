import { RrrError } from "@rrr/core";
import { InvalidArgumentError, type Option } from "commander";

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
  const isList = Array.isArray(value) && value.every((each) => isPlain(each) && !`${each}`.includes(","));
  const one: unknown = isList ? value.join(",") : value;
  if (!isPlain(one)) throw refusal(where, value, ONE_VALUE);
  const parsed = parse(option, one, where);
  if (isList && !Array.isArray(parsed)) throw refusal(where, value, ONE_VALUE);
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

function parse(option: Option, value: string | number, where: string): unknown {
  try {
    return option.parseArg === undefined ? String(value) : option.parseArg(String(value), undefined as never);
  } catch (error) {
    if (error instanceof InvalidArgumentError) throw refusal(where, value, error.message);
    throw error;
  }
}

function refusal(where: string, value: unknown, hint: string): RrrError {
  return new RrrError("bad-argument", `${where} cannot be ${JSON.stringify(value)}`, { hint });
}
