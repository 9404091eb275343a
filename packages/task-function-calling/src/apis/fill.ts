import type { Random } from "@rrr/core";
import type { Arguments, Parameter, Spoken } from "./api.ts";

/** A sentence as it was said. */
export interface Filled {
  readonly sentence: string;
  /** What was said, by parameter, in the order of the sentence. */
  readonly said: Readonly<Record<string, Spoken>>;
}

/** Draws which of the parts in brackets are said, and every value: `Rain in {city}[ on {date}]?` */
export function fill(template: string, parameters: readonly Parameter[], random: Random): Filled {
  const chosen = template.replaceAll(/\[(.+?)\]/g, (_, part: string) => (random.next() < 0.5 ? part : ""));
  const said: Record<string, Spoken> = {};
  const sentence = chosen.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const parameter = parameters.find((each) => each.name === name);
    if (parameter === undefined) throw new Error(`no parameter {${name}} for "${template}"`);
    const spoken = parameter.say(random);
    said[name] = spoken;
    return spoken.words;
  });
  return { sentence, said };
}

/** The values of what was said, in the order of the parameters. */
export function valuesOf(said: Filled["said"], parameters: readonly Parameter[]): Arguments {
  return Object.fromEntries(
    parameters.flatMap(({ name }) => {
      const spoken = said[name];
      return spoken === undefined ? [] : [[name, spoken.value]];
    }),
  );
}
