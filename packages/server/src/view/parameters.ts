import { RrrError } from "@rrr/core";

/** A number from an address. @throws RrrError `bad-argument` */
export function wholeNumber(text: string, name: string): number {
  const value = Number(text);
  if (/^\d{1,15}$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new RrrError("bad-argument", `${name} must be a whole number, and is ${JSON.stringify(text)}`);
}

/** Several parameters of an address, as what they mean; what is not there is left out. */
export interface Parameters {
  text(name: string): string | undefined;
  number(name: string): number | undefined;
  flag(name: string): boolean | undefined;
  /** @throws RrrError `bad-argument` for any other */
  oneOf<Value extends string>(name: string, values: readonly Value[]): Value | undefined;
}

export function parametersOf(search: URLSearchParams): Parameters {
  const text = (name: string): string | undefined => search.get(name) || undefined;
  function oneOf<Value extends string>(name: string, values: readonly Value[]): Value | undefined {
    const given = text(name);
    const found = values.find((value) => value === given);
    if (given === undefined || found !== undefined) return found;
    throw new RrrError("bad-argument", `${name} is ${JSON.stringify(given)}`, {
      hint: `It can be ${values.join(", ")}.`,
    });
  }
  return {
    text,
    oneOf,
    number(name) {
      const given = text(name);
      return given === undefined ? undefined : wholeNumber(given, name);
    },
    flag(name) {
      const given = oneOf(name, ["yes", "no"]);
      return given === undefined ? undefined : given === "yes";
    },
  };
}
