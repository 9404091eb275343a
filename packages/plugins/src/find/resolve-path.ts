import { existsSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { messageOf, RrrError } from "@rrr/core";
import { resolve as resolveImport } from "import-meta-resolve";
import { KINDS, type PluginKind } from "./kind.ts";

const INDEX_FILES = ["index.js", "index.mjs", "index.ts", "index.mts", "src/index.ts"];

/**
 * The file that a path to a plugin means: the file itself, or a folder's entry as its package.json names it.
 * @throws RrrError `plugin-not-found`
 */
export function resolvePath(path: string, cwd: string, kind: PluginKind): string {
  const absolute = resolve(cwd, path.replace(/^~(?=[\\/])/, homedir()));
  return isDirectory(absolute, kind) ? entryOf(absolute, kind) : absolute;
}

function isDirectory(path: string, kind: PluginKind): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    throw missing(`no file or folder ${path}: ${messageOf(error)}`, kind);
  }
}

function entryOf(folder: string, kind: PluginKind): string {
  const named = namedEntries(folder);
  const candidates = named ?? INDEX_FILES.map((name) => join(folder, name));
  const entry = candidates.find((file) => statSync(file, { throwIfNoEntry: false })?.isFile());
  if (entry !== undefined) return entry;
  throw missing(
    named === undefined
      ? `folder ${folder} has no package.json with "name" and "exports", or "main", and none of ${INDEX_FILES.join(", ")}`
      : `folder ${folder}: its package.json names ${named[0]}, which does not exist; is the package built?`,
    kind,
  );
}

/** What a folder's package.json names as its entry, or may mean by that. */
function namedEntries(folder: string): readonly string[] | undefined {
  const manifestPath = join(folder, "package.json");
  if (!existsSync(manifestPath)) return undefined;
  try {
    const { name, main, exports } = JSON.parse(readFileSync(manifestPath, "utf8"));
    // A package may import itself by name, which applies its "exports" as for anyone else.
    if (exports !== undefined && typeof name === "string") {
      return [fileURLToPath(resolveImport(name, pathToFileURL(manifestPath).href))];
    }
    if (typeof main !== "string") return undefined;
    return ["", ".js", "/index.js"].map((end) => join(folder, main + end));
  } catch (cause) {
    const reason = messageOf(cause).split("\n", 1)[0];
    throw new RrrError("plugin-failed", `${manifestPath} names no entry that can be imported: ${reason}`, {
      cause,
    });
  }
}

function missing(message: string, kind: PluginKind): RrrError {
  return new RrrError("plugin-not-found", message, {
    hint: `A plugin is a file, or a folder with a package.json, whose default export is ${KINDS[kind].noun}.`,
  });
}
