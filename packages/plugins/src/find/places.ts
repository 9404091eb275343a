import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, isAbsolute, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { packageRoot } from "../package-root.ts";
import { nodeModulesAbove } from "./installed.ts";

/** A folder from which plugins are looked for, as Node looks for packages. */
export interface Place {
  readonly kind: "project" | "rrr" | "global";
  readonly folder: string;
}

/** The user's project, then what came with rrr. */
export function nearPlaces(cwd: string): readonly Place[] {
  return [
    { kind: "project", folder: cwd },
    { kind: "rrr", folder: dirname(fileURLToPath(import.meta.url)) },
  ];
}

/** The folders of the plugins that come with rrr: those that this package names as its peers. */
export function ownPlugins(): readonly string[] {
  const { peerDependencies } = JSON.parse(readFileSync(new URL("package.json", packageRoot), "utf8"));
  const modules = nodeModulesAbove(fileURLToPath(packageRoot));
  return Object.keys(peerDependencies).flatMap((name) => {
    const folder = modules.map((each) => join(each, name)).find((each) => existsSync(each));
    return folder === undefined ? [] : [realpathSync(folder)];
  });
}

/**
 * Whether a file is of a plugin that came with rrr, and may be trusted as rrr itself is. Where it lies says so, links
 * followed: any folder can call itself `@rrr/task-countdown`.
 */
export function isOwn(file: string): boolean {
  const path = realpathSync(file);
  return ownPlugins().some((folder) => {
    const inside = relative(folder, path);
    return !inside.startsWith("..") && !isAbsolute(inside) && !inside.split(sep).includes("node_modules");
  });
}

/** Where npm installs globally; empty without npm. Asking npm takes a third of a second. */
export function globalPlaces(): readonly Place[] {
  const { stdout, status } = spawnSync("npm", ["root", "--global"], {
    encoding: "utf8",
    // npm is a .cmd file on Windows, which only a shell can start.
    shell: process.platform === "win32",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return status === 0 ? [{ kind: "global", folder: dirname(stdout.trim()) }] : [];
}
