/** A new folder outside the repository, gone when the script ends. */
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export function createSandbox(name) {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), `rrr-${name}-`));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
