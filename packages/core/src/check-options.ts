import { RrrError } from "./errors.ts";
import { nearestName } from "./nearest-name.ts";

/**
 * Refuses what a task's factory does not know: a misspelt option would otherwise be ignored in silence.
 * @throws RrrError `bad-argument` that suggests one and lists the known ones.
 * @example checkOptions("countdown", options, ["preset", "data"])
 */
export function checkOptions(task: string, options: object, known: readonly string[]): void {
  refuseUnknownKeys(`task "${task}" has no option`, options, known);
}

/** @param refusal what the error says before the key's name. @throws RrrError `bad-argument` */
export function refuseUnknownKeys(refusal: string, given: object, known: readonly string[]): void {
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const nearest = nearestName(unknown, known);
  const has = known.length === 0 ? "It has none." : `It has ${known.join(", ")}.`;
  throw new RrrError("bad-argument", `${refusal} "${unknown}"`, {
    hint: nearest === undefined ? has : `Did you mean "${nearest}"? ${has}`,
  });
}
