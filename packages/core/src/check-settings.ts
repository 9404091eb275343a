import { refuseUnknownKeys } from "./check-options.ts";
import { RrrError } from "./errors.ts";
import { nearestName } from "./nearest-name.ts";
import { show } from "./show.ts";

/** Throws RrrError `bad-argument` unless the value is what this setting may be. */
export type SettingCheck = (name: string, value: unknown) => void;

/** A check for every setting of a type, the optional ones included: the compiler finds one that has none. */
export type SettingChecks<Settings extends object> = {
  readonly [Name in keyof Settings]-?: SettingCheck;
};

/**
 * Refuses settings that are unknown, missing or out of range, before they can have an effect that nobody asked for.
 * @param settings with the defaults filled in: a check is asked about a setting that is missing too
 * @returns `settings`
 * @throws RrrError `bad-argument` that names the setting, and what it may be
 * @example checkSettings("search", settings, { depth: setting.wholeNumber(1), order: setting.oneOf(["best", "first"]) })
 */
export function checkSettings<Settings extends object>(
  owner: string,
  settings: Settings,
  checks: SettingChecks<Settings>,
): Settings {
  checkEach(owner, "", settings, checks);
  return settings;
}

function checkEach(
  owner: string,
  prefix: string,
  settings: object,
  checks: Readonly<Record<string, SettingCheck>>,
): void {
  refuseUnknownKeys(`${owner} has no setting`, settings, Object.keys(checks));
  const values = settings as Readonly<Record<string, unknown>>;
  for (const [name, check] of Object.entries(checks)) check(`${prefix}${name}`, values[name]);
}

/** What a setting may be. */
export const setting = {
  /** A whole number of at least `least` that a double holds exactly. */
  wholeNumber: (least: number): SettingCheck =>
    unless(
      (value) => Number.isSafeInteger(value) && (value as number) >= least,
      `a whole number of at least ${least}`,
    ),

  /** A finite number of at least `least`, and at most `most`. */
  number: (least: number, most?: number): SettingCheck =>
    unless(
      (value) =>
        Number.isFinite(value) &&
        (value as number) >= least &&
        (most === undefined || (value as number) <= most),
      most === undefined ? `a number of at least ${least}` : `a number from ${least} to ${most}`,
    ),

  boolean: (): SettingCheck => unless((value) => typeof value === "boolean", "true or false"),

  /** One of these names; `or` says what else it may be, for the error. */
  oneOf:
    (names: readonly string[], or?: string): SettingCheck =>
    (name, value) => {
      if (names.some((known) => known === value)) return;
      const nearest = typeof value === "string" ? nearestName(value, names) : undefined;
      const suggestion = nearest === undefined ? "" : `Did you mean "${nearest}"? `;
      throw new RrrError("bad-argument", `${name} is ${show(value)}`, {
        hint: `${suggestion}It may be ${[...names, ...(or === undefined ? [] : [`or ${or}`])].join(", ")}.`,
      });
    },

  /** @param expected as in "not an engine" */
  thatIs: (accepts: (value: unknown) => boolean, expected: string): SettingCheck => unless(accepts, expected),

  /** Settings inside a setting. */
  group:
    (checks: Readonly<Record<string, SettingCheck>>): SettingCheck =>
    (name, value) => {
      if (typeof value !== "object" || value === null) throw refusal(name, value, "an object of settings");
      checkEach(name, `${name}.`, value, checks);
    },

  /** What may be left out. */
  optional:
    (check: SettingCheck): SettingCheck =>
    (name, value) => {
      if (value !== undefined) check(name, value);
    },
} as const;

function unless(accepts: (value: unknown) => boolean, expected: string): SettingCheck {
  return (name, value) => {
    if (!accepts(value)) throw refusal(name, value, expected);
  };
}

function refusal(name: string, value: unknown, expected: string): RrrError {
  return new RrrError("bad-argument", `${name} is ${show(value)}, not ${expected}`);
}
