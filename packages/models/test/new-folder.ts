import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A new folder that goes away after the test. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "rrr-models-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
