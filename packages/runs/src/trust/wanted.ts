import { homedir } from "node:os";
import { resolve } from "node:path";
import { comesWithRrr } from "@rrr/plugins";
import type { RunSpec } from "../spec/run-spec.ts";

/** Something beyond its own folder that a run would read, send to or run. */
export interface Wanted {
  /** `plugin`, `engine`, `model`, `server`, `key`; an option of the task, the model or the engine: `task.data`. */
  readonly kind: string;
  readonly value: string;
}

type Untyped = Readonly<Record<string, unknown>>;

/**
 * All that a run names beyond its folder, by what its spec says. What comes with rrr is not among it; numbers and
 * switches reach nothing. What this version knows no better is named rather than passed on in silence.
 * @param cwd that relative paths would be read from
 */
export function wantedBy(spec: RunSpec, cwd: string): readonly Wanted[] {
  // Limits and how retries are made are numbers and words that choose among known things.
  const { task, model, engine, plan: _, limits: __, retry: ___, ...more } = spec;
  return [...ofTask(task, cwd), ...ofModel(model, cwd), ...ofEngine(engine, cwd), ...optionsOf("run", more)];
}

/** The part of it that opening the task alone takes. @param plugin in place of the run's */
export function wantedByTask(
  { task }: Pick<RunSpec, "task">,
  cwd: string,
  plugin?: string,
): readonly Wanted[] {
  const wanted = ofTask(plugin === undefined ? task : { ...task, module: plugin }, cwd);
  return plugin === undefined ? wanted : wanted.filter(({ kind }) => kind !== "plugin");
}

function ofTask(
  { module, options, isolate: _, presetFrom: __, ...more }: RunSpec["task"],
  cwd: string,
): readonly Wanted[] {
  if (comesWithRrr(module, cwd, "task")) {
    // Of our tasks' options, only this one reaches out of the process.
    const { data } = options;
    return optionsOf("task", { ...(data === undefined ? {} : { data }), ...more });
  }
  return [
    { kind: "plugin", value: located(module, cwd) },
    ...optionsOf("task", options),
    ...optionsOf("task", more),
  ];
}

function ofModel(
  { name, folder, baseUrl, apiKeyEnv, ...more }: RunSpec["model"],
  cwd: string,
): readonly Wanted[] {
  const isRemote = /^\w+:/.test(name);
  const isOpenAI = name.startsWith("openai:");
  // The key that is sent where none is named.
  const key = apiKeyEnv ?? (isOpenAI && process.env.OPENAI_API_KEY ? "OPENAI_API_KEY" : undefined);
  return [
    ...((name !== "builtin" && folder === undefined) || isRemote ? [{ kind: "model", value: name }] : []),
    ...(folder === undefined ? [] : [{ kind: "model", value: located(String(folder), cwd) }]),
    ...(baseUrl === undefined ? [] : [{ kind: "server", value: textOf(baseUrl) }]),
    ...(key === undefined ? [] : [{ kind: "key", value: textOf(key) }]),
    ...optionsOf("model", more),
  ];
}

/** Options of our engines that reach out of the process: a folder that is read, a server that is asked. */
const REACHING: ReadonlySet<string> = new Set(["adapter", "baseUrl", "tokenizer"]);

function ofEngine({ name, options, ...more }: RunSpec["engine"], cwd: string): readonly Wanted[] {
  if (comesWithRrr(name, cwd, "engine")) {
    const { baseUrl } = options;
    // Without an address in the run, the server is the one that this user's environment names.
    const key = baseUrl !== undefined && process.env.TINKER_API_KEY ? "TINKER_API_KEY" : undefined;
    const reaching = Object.fromEntries(Object.entries(options).filter(([option]) => REACHING.has(option)));
    return [
      ...optionsOf("engine", { ...reaching, ...more }),
      ...(key === undefined ? [] : [{ kind: "key", value: key }]),
    ];
  }
  return [
    { kind: "engine", value: located(name, cwd) },
    ...optionsOf("engine", options),
    ...optionsOf("engine", more),
  ];
}

/** Texts and what holds them: addresses, paths, commands. */
function optionsOf(owner: string, options: Untyped): readonly Wanted[] {
  return Object.entries(options)
    .filter(([, value]) => typeof value !== "number" && typeof value !== "boolean" && value !== null)
    .map(([name, value]) => ({ kind: `${owner}.${name}`, value: textOf(value) }));
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** A path as it would be opened; a name stays one. */
export function located(name: string, cwd: string): string {
  const isPath = /^(\.{1,2}([\\/]|$)|[\\/]|~[\\/])/.test(name) || /\.([cm]?js|m?ts)$/.test(name);
  return isPath ? resolve(cwd, name.replace(/^~(?=[\\/])/, homedir())) : name;
}
