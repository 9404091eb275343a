/** npm itself, for tests of what it installs. Nothing is fetched: what is installed needs nothing. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

export function npm(cwd: string, ...args: readonly string[]): string {
  const env = {
    ...process.env,
    npm_config_audit: "false",
    npm_config_fund: "false",
    npm_config_offline: "true",
  };
  return execFileSync("npm", args, { cwd, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
}

/** Packs a package as `npm publish` would. @returns the tarball's path */
export function pack(folder: string): string {
  const target = mkdtempSync(join(realpathSync(tmpdir()), "rrr-packed-"));
  onTestFinished(() => rmSync(target, { recursive: true, force: true }));
  return join(target, npm(folder, "pack", "--silent", "--pack-destination", target));
}
