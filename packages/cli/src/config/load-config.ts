import { existsSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { messageOf, RrrError } from "@rrr/core";
import { defaultOf, importModule } from "@rrr/plugins";

const NAMES = ["rrr.config.ts", "rrr.config.js", "rrr.config.mjs", "rrr.config.json"];

/** A configuration as it was read: nothing in it has been checked. */
export interface LoadedConfig {
  /** Relative to the working directory, for messages. */
  readonly file: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/**
 * Reads the working directory's configuration. No folder above is searched, so that the paths in it mean what they
 * mean on the command line.
 * @param choice a file instead; false for none
 * @returns undefined where there is none
 * @throws RrrError `bad-argument`, naming the file
 */
export async function loadConfig(
  choice: string | false | undefined,
  cwd: string,
): Promise<LoadedConfig | undefined> {
  const path = choice === undefined ? findConfig(cwd) : choice && resolve(cwd, choice);
  if (path === undefined || path === false) return undefined;
  const file = relative(cwd, path) || path;
  const config = await read(path, file);
  if (isRecord(config)) return { file, config };
  throw new RrrError("bad-argument", `${file} is no configuration: it must be an object`, {
    hint: "Its default export must be an object, e.g. { run: { steps: 50 } }.",
  });
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function findConfig(cwd: string): string | undefined {
  const found = NAMES.filter((name) => existsSync(join(cwd, name)));
  if (found.length <= 1) return found[0] === undefined ? undefined : join(cwd, found[0]);
  throw new RrrError("bad-argument", `several configurations: ${found.join(", ")}`, {
    hint: "Keep one of them, or name one with --config.",
  });
}

async function read(path: string, file: string): Promise<unknown> {
  try {
    if (path.endsWith(".json")) return JSON.parse(readFileSync(path, "utf8"));
    return defaultOf(await importModule(path));
  } catch (cause) {
    const message = messageOf(cause).split("\n", 1)[0] as string;
    const hint = message.includes("@rrr/cli")
      ? "Install @rrr/cli in this project, or export a plain object, without defineConfig()."
      : "See docs/configuration.md for what it may hold; --no-config goes without.";
    throw new RrrError("bad-argument", `cannot read ${file}: ${message}`, { cause, hint });
  }
}
