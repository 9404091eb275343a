import { checkedOptions, type OptionSchemas, RrrError } from "@rrr/core";
import type { Engine } from "./engine.ts";

/** What an engine is opened on. */
export interface OpenRequest<Options extends object> {
  /** An absolute folder in Hugging Face layout; an engine on a server may take a name instead. */
  readonly model: string;
  readonly options: Partial<Options>;
  /** What it is opened for, where that is known: training takes more memory. */
  readonly use?: EngineUse | undefined;
}

export type EngineUse = "sample" | "train";

/** An engine as a package exports it by default: found by name, opened when a run begins. */
export interface EnginePlugin<Options extends object = object> {
  readonly spec: "rrr/engine@1";
  /** Kebab-case. */
  readonly name: string;
  readonly options: OptionSchemas<Options>;
  /** @throws RrrError `bad-argument`, naming the option that is unknown or wrong; whatever opening throws */
  open(request: {
    readonly model: string;
    readonly options?: Partial<Options>;
    readonly use?: EngineUse | undefined;
  }): Promise<Engine>;
}

export interface EngineDefinition<Options extends object> {
  readonly name: string;
  /** A schema for each option; all can be left out. */
  readonly options: OptionSchemas<Options>;
  /** `options` are what their schemas put out. */
  readonly open: (request: OpenRequest<Options>) => Promise<Engine>;
}

/**
 * Makes the default export of an engine's package: fills in the specification, and checks options before `open` sees
 * them, whoever calls.
 * @throws RrrError `bad-engine`, naming the field that is wrong
 * @example
 * export default defineEngine({
 *   name: "my-engine",
 *   options: { threads: schemaOf(isCount, "a whole number") },
 *   open: ({ model, options }) => createMyEngine(model, options),
 * });
 */
export function defineEngine<Options extends object>(
  definition: EngineDefinition<Options>,
): EnginePlugin<Options> {
  const { name, options: schemas, open } = definition;
  const plugin: EnginePlugin<Options> = {
    spec: "rrr/engine@1",
    name,
    options: schemas,
    open: async ({ model, options = {}, use }) =>
      open({ model, options: checkedOptions("engine", name, options, schemas), ...(use && { use }) }),
  };
  assertEnginePlugin(plugin);
  return plugin;
}

/** Whether a value, e.g. what a module exports, is an engine by this specification. @throws RrrError `bad-engine` */
export function assertEnginePlugin(value: unknown): asserts value is EnginePlugin {
  const problem = problemOf(value);
  if (problem === undefined) return;
  throw new RrrError("bad-engine", problem, { hint: "Make engines with defineEngine() of @rrr/trainer." });
}

function problemOf(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return `an engine must be an object, got ${typeof value}`;
  const { spec, name, options, open } = value as Readonly<Record<string, unknown>>;
  if (spec !== "rrr/engine@1")
    return `engine field "spec" must be "rrr/engine@1", got ${JSON.stringify(spec)}`;
  if (typeof name !== "string" || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    return `engine field "name" must be kebab-case, got ${JSON.stringify(name)}`;
  }
  if (typeof options !== "object" || options === null) {
    return `engine "${name}": field "options" must be an object of schemas`;
  }
  return typeof open === "function" ? undefined : `engine "${name}": field "open" must be a function`;
}
