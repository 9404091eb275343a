import type { OptionSchema } from "./define-plugin.ts";
import { nearestName } from "./nearest-name.ts";

/** A schema of a choice, for options; where a name is near, a refusal suggests it. @example oneOf("exact", "bfcl") */
export function oneOf<const Name extends string>(...names: readonly Name[]): OptionSchema<Name> {
  const description = `one of ${names.join(", ")}`;
  return {
    description,
    "~standard": {
      version: 1,
      vendor: "rrr",
      validate(value) {
        const found = names.find((name) => name === value);
        if (found !== undefined) return { value: found };
        const nearest = typeof value === "string" ? nearestName(value, names) : undefined;
        const suggestion = nearest === undefined ? "" : ` (did you mean ${nearest}?)`;
        return { issues: [{ message: `must be ${description}${suggestion}` }] };
      },
    },
  };
}
