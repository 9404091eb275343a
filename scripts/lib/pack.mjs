/** Every package of the workspace as the tarball that npm would get. */
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pnpm, ScriptError } from "./process.mjs";

const isTarball = (name) => /^rrr-.*\.tgz$/.test(name);

/** Packs into a folder, in place of what an earlier call left there. @returns the tarballs' paths */
export async function packAll(folder) {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder).filter(isTarball)) rmSync(join(folder, name));
  const pack = ["-r", "--filter", "./packages/*", "pack", "--pack-destination", folder];
  const code = await pnpm(pack, { stdio: ["ignore", "ignore", 2] });
  if (code !== 0) throw new ScriptError(`pnpm pack ended with exit code ${code}.`);
  return readdirSync(folder)
    .filter(isTarball)
    .map((name) => join(folder, name));
}
