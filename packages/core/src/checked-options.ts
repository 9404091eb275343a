import { refuseUnknownKeys } from "./check-options.ts";
import type { OptionSchemas } from "./define-plugin.ts";
import { RrrError } from "./errors.ts";
import { issuesText } from "./issues-text.ts";
import { show } from "./show.ts";

/**
 * The options of a task or an engine as their schemas put them out; what is left out stays out.
 * @throws RrrError `bad-argument`, naming the option that is unknown or wrong
 */
export function checkedOptions<Options extends object>(
  kind: "task" | "engine",
  name: string,
  options: object,
  schemas: OptionSchemas<Options>,
): Partial<Options> {
  const owner = `${kind} "${name}"`;
  refuseUnknownKeys(`${owner} has no option`, options, Object.keys(schemas));
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const checked = given.map(([option, value]) => {
    const what = `option "${option}" of ${owner}`;
    const result = schemas[option as keyof Options]["~standard"].validate(value);
    if ("then" in result) {
      throw new RrrError(`bad-${kind}`, `${what}: its schema answers with a promise; it must answer at once`);
    }
    if (result.issues === undefined) return [option, result.value];
    throw new RrrError("bad-argument", `${what} ${issuesText(result.issues)}, got ${show(value)}`);
  });
  return Object.fromEntries(checked) as Partial<Options>;
}
