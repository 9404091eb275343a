import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { builtinModelDir, isBuiltinModelDir } from "./index.ts";

function copyOf(task: string): string {
  const folder = join(mkdtempSync(join(tmpdir(), "rrr-")), "step-000100");
  onTestFinished(() => rmSync(folder, { recursive: true }));
  cpSync(builtinModelDir(task), folder, { recursive: true });
  return folder;
}

function edit(path: string, change: object): void {
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), ...change }));
}

test.each(["countdown", "function-calling"])("the model of %s, and what was trained from it", (task) => {
  expect(isBuiltinModelDir(builtinModelDir(task))).toBe(true);
  const trained = copyOf(task);
  writeFileSync(join(trained, "model.safetensors"), "other weights");
  // As JSON says it otherwise, and as transformers saves it.
  edit(join(trained, "tokenizer.json"), { post_processor: { type: "TemplateProcessing" } });
  expect(isBuiltinModelDir(trained)).toBe(true);
});

test("another model is none, whatever its folder is called", () => {
  const wider = copyOf("countdown");
  edit(join(wider, "config.json"), { hidden_size: 256 });
  expect(isBuiltinModelDir(wider)).toBe(false);
  const otherWords = copyOf("countdown");
  cpSync(join(builtinModelDir("function-calling"), "tokenizer.json"), join(otherWords, "tokenizer.json"));
  expect(isBuiltinModelDir(otherWords)).toBe(false);
  expect(isBuiltinModelDir(join(wider, "nowhere"))).toBe(false);
});
