import { createHash } from "node:crypto";
import { readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { manifestOf } from "../find/manifest.ts";
import { tryResolve } from "../find/resolve.ts";

/** What a plugin consists of, besides its own file. */
export interface ModuleFiles {
  /** The start of each file's SHA-256, by its path relative to the plugin's. */
  readonly files: Readonly<Record<string, string>>;
  /** Versions of the installed packages that those files import. */
  readonly packages: Readonly<Record<string, string>>;
}

/** `from "x"`, `import "x"`, `import("x")`, `require("x")`. */
const IMPORT = /\b(?:from|import|require)\s*\(?\s*(["'`])([^"'`\n]+)\1/g;
/** What may name a file: a program that verifies, a list that is read. */
const FILE_NAME = /(["'`])([\w@./-]+\.\w{1,8})\1/g;
/** `import.meta.dirname + "/data.json"`, and the same in a template. */
const BESIDE = /\b(?:import\.meta\.dirname|__dirname)\s*(?:\+\s*(["'`])|\}())(\/[^"'`\n]+)["'`]/g;
const ENDS = ["", ".js", ".mjs", ".cjs", ".ts", ".mts", ".json", "/index.js", "/index.ts"];
/** Of larger files the size has to do: what is in them reaches a run as items. */
const MOST_BYTES = 64_000_000;

/**
 * The files that a plugin's file imports or names, and what those do. It is read, not run: an import whose name is put
 * together while it runs is not found, and a file that is only named counts.
 */
export function moduleFiles(entry: string): ModuleFiles {
  const files: Record<string, string> = {};
  const packages: Record<string, string> = {};
  const seen = new Set<string>();
  const waiting = [entry];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    const { size } = statSync(file);
    const bytes = size > MOST_BYTES ? `${size} bytes` : readFileSync(file);
    if (file !== entry) files[relative(dirname(entry), file).replaceAll(sep, "/")] = hashOf(bytes);
    if (typeof bytes === "string" || !/\.([cm]?js|m?ts)$/.test(file)) continue;
    const text = bytes.toString("utf8");
    for (const [, , name = ""] of text.matchAll(FILE_NAME))
      waiting.push(...fileAt(resolve(dirname(file), name)));
    for (const [, , , name = ""] of text.matchAll(BESIDE)) waiting.push(...fileAt(join(dirname(file), name)));
    for (const [, , name = ""] of text.matchAll(IMPORT)) {
      if (/^\.{1,2}\//.test(name)) waiting.push(...fileAt(join(dirname(file), name)));
      else waiting.push(...linked(name, dirname(file), packages));
    }
  }
  return { files: sorted(files), packages: sorted(packages) };
}

/** As Node or a compiler would find it. */
function fileAt(path: string): readonly string[] {
  const paths = [...ENDS.map((end) => path + end), path.replace(/\.(m?)js$/, ".$1ts")];
  const found = paths.find((each) => statSync(each, { throwIfNoEntry: false })?.isFile());
  return found === undefined ? [] : [found];
}

/** An installed package is known by its version; of one that is linked, the files are somebody's work. */
function linked(name: string, folder: string, packages: Record<string, string>): readonly string[] {
  try {
    const file = tryResolve(name, folder);
    if (file === undefined) return [];
    const real = realpathSync(file);
    const { name: full = name, version = "unknown" } = manifestOf(real) ?? {};
    packages[full] = version;
    return real.includes(`${sep}node_modules${sep}`) ? [] : [real];
  } catch {
    // Loading the plugin says what is wrong with it.
    return [];
  }
}

function hashOf(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex").slice(0, 16);
}

function sorted(of: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(of).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Name and version of the package that a plugin's file belongs to; undefined where it is in none. */
export function packageOf(file: string): string | undefined {
  const { name, version } = manifestOf(file) ?? {};
  return name === undefined ? undefined : `${name}@${version ?? "unknown"}`;
}
