import { RrrError } from "@rrr/core";
import { show } from "./show.ts";

/** A JSON object from a stranger's file. */
export type Json = Readonly<Record<string, unknown>>;

/** @param most far above the largest model that there is: sizes become arrays and loops */
export function size(json: Json, field: string, most: number): number {
  const value = json[field];
  if (!Number.isSafeInteger(value) || (value as number) < 1 || (value as number) > most) {
    throw wrong(field, value, `a whole number from 1 to ${most}`);
  }
  return value as number;
}

export function positive(json: Json, field: string): number {
  const value = json[field];
  if (!isPositive(value)) throw wrong(field, value, "a finite number above 0");
  return value;
}

export function refuse(json: Json, field: string, supported: (value: unknown) => boolean): void {
  if (!supported(json[field])) throw wrong(field, json[field], "a supported value");
}

/** Absent, null or false: what transformers takes for no. */
export function isOff(value: unknown): boolean {
  return value === undefined || value === null || value === false;
}

export function isPositive(value: unknown): value is number {
  return typeof value === "number" && value > 0 && value < Number.POSITIVE_INFINITY;
}

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @param field as it is found in config.json, `rope_scaling.factor` for one in another */
export function wrong(field: string, value: unknown, expected: string): RrrError {
  return new RrrError("bad-model", `config.json: ${field} is ${show(value)}, not ${expected}`, {
    hint: "Choose a model without this (docs/models.md lists what is read), or download config.json again if it was edited.",
  });
}
