import { RrrError } from "./errors.ts";
import { nearestName } from "./nearest-name.ts";

/**
 * Refuses what a task's factory does not know: a misspelt option would otherwise be ignored in silence.
 * @throws RrrError `bad-argument` that suggests one and lists the known ones.
 * @example checkOptions("countdown", options, ["preset", "data"])
 */
export function checkOptions(task: string, options: object, known: readonly string[]): void {
  refuseUnknown(`task "${task}"`, options, known);
}

/** The same for whatever has options: `owner` is as messages name it. */
export function refuseUnknown(owner: string, options: object, known: readonly string[]): void {
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const nearest = nearestName(unknown, known);
  const has = known.length === 0 ? "It has none." : `It has ${known.join(", ")}.`;
  throw new RrrError("bad-argument", `${owner} has no option "${unknown}"`, {
    hint: nearest === undefined ? has : `Did you mean "${nearest}"? ${has}`,
  });
}
