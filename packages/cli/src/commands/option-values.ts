/** Values of options: what they may be, said in the error when they are not. */
import { InvalidArgumentError } from "commander";

/** A whole number of at least `least`, and at most `most`. */
export function wholeNumber(least: number, most?: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
    if (Number.isSafeInteger(value) && value >= least && (most === undefined || value <= most)) return value;
    throw new InvalidArgumentError(
      most === undefined
        ? `It must be a whole number ≥ ${least}.`
        : `It must be a whole number from ${least} to ${most}.`,
    );
  };
}

/** Where a server listens; 0 takes a free one. */
export const port: (text: string) => number = wholeNumber(0, 65_535);

/** A number of at least `least`, and at most `most`. */
export function number(least: number, most?: number): (text: string) => number {
  return (text) => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    if (Number.isFinite(value) && value >= least && (most === undefined || value <= most)) return value;
    throw new InvalidArgumentError(
      most === undefined
        ? `It must be a number ≥ ${least}.`
        : `It must be a number from ${least} to ${most}.`,
    );
  };
}

/** Text that says something: an empty path or name is a slip of the shell. */
export function nonEmpty(text: string): string {
  if (text.trim() !== "") return text;
  throw new InvalidArgumentError("It must not be empty.");
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A time such as `90s`, `30m`, `2h`, `7d` or `1h30m`. @returns milliseconds */
export function duration(text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)([smhd])/g)];
  const ms = parts.reduce(
    (sum, [, value, unit]) => sum + Number(value) * (UNIT_MS[unit as string] as number),
    0,
  );
  if (parts.map(([part]) => part).join("") === text && ms > 0) return ms;
  throw new InvalidArgumentError("It must be a time such as 90s, 30m, 2h, 7d or 1h30m.");
}

/** A size such as `6GB`, as it was typed. */
export function size(text: string): string {
  if (/^\d+(\.\d+)?\s*[MG]i?B$/i.test(text.trim()) && Number.parseFloat(text) > 0) return text.trim();
  throw new InvalidArgumentError("It must be a size such as 6GB, 1.5GiB or 800MB.");
}

/** US dollars above 0: `5`, `0.25`, `$5`. */
export function dollars(text: string): number {
  const value = /^\$?\d+(\.\d+)?$/.test(text) ? Number(text.replace("$", "")) : 0;
  if (value > 0) return value;
  throw new InvalidArgumentError("It must be an amount of US dollars above 0, such as 0.50.");
}
