import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { project } from "../../plugins/test/plugin-files.ts";

const fixture = new URL("../../runs/fixtures/version-2-run.db.gz", import.meta.url);

/** A project with the run `old`, of one step and by an older version. */
export function projectWithRun(): string {
  const cwd = project({});
  mkdirSync(join(cwd, "runs", "old"), { recursive: true });
  writeFileSync(join(cwd, "runs", "old", "run.db"), gunzipSync(readFileSync(fixture)));
  return cwd;
}
