import { spawnSync } from "node:child_process";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** A folder from which plugins are looked for, as Node looks for packages. */
export interface Place {
  readonly kind: "project" | "rrr" | "global";
  readonly folder: string;
}

/** The user's project, then what came with the command. */
export function nearPlaces(cwd: string): readonly Place[] {
  return [
    { kind: "project", folder: cwd },
    { kind: "rrr", folder: dirname(fileURLToPath(import.meta.url)) },
  ];
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
