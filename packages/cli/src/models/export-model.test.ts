import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import engine from "@rrr/engine-onnx";
import { readAdaptedDir, readModelDir, writeModelDir } from "@rrr/trainer";
import { microModel } from "@rrr/trainer/testing";
import { expect, test } from "vitest";
import { project } from "../../../plugins/test/plugin-files.ts";
import { exportModel, wayTo } from "./export-model.ts";

test("an adapter as an adapter, as one model and as ONNX, each with a card and none with a path", async () => {
  const cwd = project({});
  await writeModelDir(join(cwd, "small"), microModel(), "F32");
  writeFileSync(join(cwd, "small/README.md"), "---\nlicense: apache-2.0\n---\n\n# A small model\n");
  const trained = await engine.open({ model: join(cwd, "small"), options: { lora: 2, threads: 1 } });
  const datum = { prompt: Int32Array.of(1), targets: Int32Array.of(5), weights: Float32Array.of(1) };
  for (let step = 0; step < 2; step++) {
    await trained.forwardBackward([datum], { kind: "cross-entropy" });
    await trained.optimStep({ learningRate: 1e-2 });
  }
  await trained.exportAdapter?.(join(cwd, "adapter"));
  await trained.close();
  for (const format of ["adapter", "model", "onnx"] as const) {
    const out = join(cwd, `as-${format}`);
    await exportModel(join(cwd, "adapter"), "any", out, format);
    const card = readFileSync(join(out, "README.md"), "utf8");
    expect(card).toContain("license: apache-2.0\n");
    expect(card).toContain("- Base model: small\n- Licence of the base: apache-2.0\n");
    // It is in no run.
    expect(card).toContain("not known here");
    expect(card.includes("library_name: peft")).toBe(format === "adapter");
    expect(card).not.toContain(cwd);
  }
  const { weights } = await readModelDir(join(cwd, "adapter"));
  expect(weights).not.toEqual(microModel().weights);
  expect((await readModelDir(join(cwd, "as-model"))).weights).toEqual(weights);
  expect((await readModelDir(join(cwd, "as-adapter"))).weights).toEqual(weights);
  expect((await readAdaptedDir(join(cwd, "as-adapter"))).dir).toBe(join(cwd, "small"));
  expect(existsSync(join(cwd, "as-onnx/onnx/model.onnx"))).toBe(true);
  await expect(exportModel(join(cwd, "small"), "any", join(cwd, "none"), "adapter")).rejects.toMatchObject({
    code: "bad-argument",
  });
  expect(existsSync(join(cwd, "none"))).toBe(false);
});

test("an export tells the way to its base only where it is none from the root", () => {
  expect(wayTo("/home/me/models/a", "/home/me/out")).toBe("/home/me/models/a");
  expect(wayTo("/home/me/models/a", "/mnt/out")).toBeUndefined();
});
