import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A complete checkpoint, of so many bytes with its manifest. */
export function writeCheckpoint(dir: string, bytes = 1_000): void {
  const manifestOf = (model: string, state: string): string =>
    JSON.stringify({
      ...{ format: "rrr/checkpoint@2", step: 1, weightsVersion: "1", run: null },
      ...{
        model: { kind: "folder", path: "", layout: "hugging-face" },
        state: { kind: "folder", path: "state" },
      },
      files: { "model.safetensors": hash(model), "state/m": hash(state) },
    });
  const state = "y".repeat(10);
  const model = "x".repeat(bytes - state.length - manifestOf("", "").length);
  mkdirSync(join(dir, "state"), { recursive: true });
  writeFileSync(join(dir, "model.safetensors"), model);
  writeFileSync(join(dir, "state", "m"), state);
  writeFileSync(join(dir, "trainer.json"), manifestOf(model, state));
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
