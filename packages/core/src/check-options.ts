import { RrrError } from "./errors.ts";
import { nearestName } from "./nearest-name.ts";

/**
 * Refuses what a task's factory does not know: a misspelt option would otherwise be ignored in silence.
 * @throws RrrError `bad-argument` that suggests one and lists the known ones.
 * @example checkOptions("countdown", options, ["preset", "data"])
 */
export function checkOptions(task: string, options: object, known: readonly string[]): void {
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const nearest = nearestName(unknown, known);
  throw new RrrError("bad-argument", `task "${task}" has no option "${unknown}"`, {
    hint: `${nearest === undefined ? "" : `Did you mean "${nearest}"? `}It has ${known.join(", ")}.`,
  });
}
