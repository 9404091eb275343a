/** Pictures, tables for other programs and metrics of a run, by the built command. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { readMetricKeys } from "../../runs/src/trackers/event-file.ts";
import { projectWithRun } from "./project-with-run.ts";
import { runCli } from "./run-cli.ts";
import { smallWorld } from "./small-world.ts";

vi.setConfig({ testTimeout: 300_000 });

test("curves and bars, as SVG and PNG; nothing is overwritten", async () => {
  const cwd = projectWithRun();
  const curves = await runCli(cwd, ["plot", "old", "runs/old", "--out", "curves.svg"]);
  expect(curves).toMatchObject({ code: 0, stdout: "", stderr: "rrr: wrote curves.svg\n" });
  const text = readFileSync(join(cwd, "curves.svg"), "utf8");
  expect(text).toContain("training retries that pass (%)");
  expect((await runCli(cwd, ["plot", "old", "--what", "bars", "--out", "bars.PNG"])).code).toBe(0);
  expect(readFileSync(join(cwd, "bars.PNG")).toString("latin1", 1, 4)).toBe("PNG");
  const again = await runCli(cwd, ["plot", "old", "--out", "curves.svg"]);
  expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining("is there already") });
  expect(readFileSync(join(cwd, "curves.svg"), "utf8")).toBe(text);
});

test.each([
  [["plot", "old", "--out", "a.pdf"], 2, "neither .svg nor .png"],
  [["plot", "old", "old", "--what", "bars", "--out", "a.svg"], 2, "bars are of one run"],
  [["plot", "old", "--out", "no/a.svg"], 1, "cannot be written"],
  [["plot", "odl", "--out", "a.svg"], 1, 'there is no run "odl"'],
  [["plot", "old"], 2, "required option"],
  [["show", "old", "--format", "md", "--json"], 2, "cannot be used with"],
])("%j is refused, and leaves no file", async (args, code, message) => {
  const cwd = projectWithRun();
  expect(await runCli(cwd, args)).toMatchObject({ code, stderr: expect.stringContaining(message) });
  expect(existsSync(join(cwd, "a.svg"))).toBe(false);
});

test("the table as Markdown, LaTeX and CSV", async () => {
  const cwd = projectWithRun();
  const show = async (format: string): Promise<string> =>
    (await runCli(cwd, ["show", "old", "--format", format])).stdout;
  expect(await show("md")).toContain("| after reflection | 66.7 % \\[30.0, 90.3\\] |");
  expect(await show("latex")).toContain("after reflection & 66.7 \\% [30.0, 90.3] &");
  expect(await show("csv")).toMatch(/^row,of,value,.*\n(.*\n)*after reflection,before,0\.666/);
});

test("a run's metrics for TensorBoard; what follows the option must be a folder", async () => {
  const cwd = await smallWorld();
  const args = ["run", "./chance.mjs", "--model", "model", "--limit", "6", "--steps", "1", "--failures", "8"];
  const wrong = await runCli(cwd, [...args, "--quiet", "--out", "runs/b", "--tensorboard", "./chance.mjs"]);
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining("that is no folder") });
  expect(existsSync(join(cwd, "runs", "b"))).toBe(false);
  const run = await runCli(cwd, [...args, "--quiet", "--out", "runs/a", "--tensorboard"]);
  expect(run.code).toBe(0);
  const folder = join(cwd, "runs", "a", "tensorboard");
  const [name = ""] = readdirSync(folder);
  const keys = readMetricKeys(readFileSync(join(folder, name)));
  expect(keys).toContainEqual({ name: "train/retries", step: 1 });
  for (const step of [0, 1]) expect(keys).toContainEqual({ name: "held-out/first-try", step });
});
