import { checkedOptions } from "./checked-options.ts";
import type { StandardSchema } from "./standard-schema.ts";

/** What one option may be: any Standard Schema that answers at once. */
export interface OptionSchema<Value = unknown> extends StandardSchema<unknown, Value> {
  /** One line for people; zod and arktype have it too. */
  readonly description?: string | undefined;
}

/** A schema for each option. All can be left out; a schema is asked about an option that is given. */
export type OptionSchemas<Options extends object> = {
  readonly [Name in keyof Options]-?: OptionSchema<Exclude<Options[Name], undefined>>;
};

/** Values of an option `preset`. */
export interface Presets {
  readonly builtin: string;
  readonly other: string;
}

export interface PluginDefinition<Options extends object, Made> {
  /** The task's name, for messages. */
  readonly name: string;
  readonly options: OptionSchemas<Options>;
  /**
   * The preset of a run where nobody names one: of problems for the small model that comes with rrr, and of problems for
   * all others. `create` still gives the default where a program calls it.
   */
  readonly presets?: Presets;
  /** Makes the task; `options` are what their schemas put out. */
  readonly create: (options: Partial<Options>) => Made;
}

/** A task with options: a function of them that makes it, and says what they may be. */
export interface Plugin<Options extends object, Made> {
  /** @throws RrrError `bad-argument`, naming the option that is unknown or wrong. */
  (options?: Partial<Options>): Made;
  readonly options: OptionSchemas<Options>;
  readonly presets?: Presets;
}

/**
 * Makes the default export of a plugin whose task has options. They are checked before `create` sees them, whoever
 * calls: the command line, a configuration file, a program.
 * @example
 * export default definePlugin({
 *   name: "sums",
 *   options: { data: schemaOf(isText, "a path"), sign: oneOf("plus", "minus") },
 *   create: ({ data, sign = "plus" }) => defineTask({ name: "sums", ... }),
 * });
 */
export function definePlugin<Options extends object, Made>(
  definition: PluginDefinition<Options, Made>,
): Plugin<Options, Made> {
  const { name, options: schemas, presets, create } = definition;
  const plugin = (options?: Partial<Options>): Made =>
    create(checkedOptions("task", name, options ?? {}, schemas));
  return Object.assign(plugin, { options: schemas, ...(presets === undefined ? {} : { presets }) });
}
