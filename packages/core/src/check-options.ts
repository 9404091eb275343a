import { RrrError } from "./errors.ts";

/**
 * Refuses what a task's factory does not know: a misspelt option would otherwise be ignored in silence.
 * @throws RrrError `bad-argument` that lists the known ones.
 * @example checkOptions("countdown", options, ["preset", "data"])
 */
export function checkOptions(task: string, options: object, known: readonly string[]): void {
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new RrrError("bad-argument", `task "${task}" has no option "${unknown}"`, {
    hint: `It has ${known.join(", ")}.`,
  });
}
