import { RrrError } from "@rrr/core";
import { InvalidArgumentError, type Option } from "commander";

/**
 * What a command makes of an option's value in a configuration: as on the command line, but numbers, texts and
 * switches are told apart.
 * @param options the option, and its --no- form where there is one
 * @param where for messages: `rrr.config.ts: run.steps`
 * @throws RrrError `bad-argument`
 */
export function optionValue(options: readonly Option[], value: unknown, where: string): unknown {
  if (typeof value === "boolean") {
    if (options.some(({ required }) => !required)) return value;
    throw refusal(where, value, "It takes a value, as on the command line.");
  }
  const option = options.find(({ required, optional }) => required || optional);
  if (option === undefined) throw refusal(where, value, "It must be true or false.");
  if (typeof value !== "string" && typeof value !== "number") {
    throw refusal(where, value, "It takes a value, as on the command line.");
  }
  const parsed = parse(option, value, where);
  if (typeof value === "number" && typeof parsed !== "number")
    throw refusal(where, value, "It must be text.");
  // "30m" is the text of a number, "3" is a number in quotation marks.
  const isQuoted = typeof value === "string" && typeof parsed === "number" && Number.isFinite(Number(value));
  if (isQuoted) throw refusal(where, value, "It must be a number, without quotation marks.");
  return parsed;
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
