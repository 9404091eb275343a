import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { project } from "../../plugins/test/plugin-files.ts";
import { createRunStore } from "../../runs/src/store/run-store.ts";
import { runHeader } from "../../runs/test/run-header.ts";
import { writeCheckpoint } from "../../runs/test/write-checkpoint.ts";
import { runCli } from "./run-cli.ts";

function storeRun(cwd: string, name: string, status: "finished" | "failed"): string {
  const folder = join(cwd, "runs", name);
  for (const step of ["step-000010", "step-000020"]) {
    writeCheckpoint(join(folder, "checkpoints", step), 1_500);
  }
  const store = createRunStore(folder, runHeader("even", { kind: "train" }));
  store.end(status);
  store.close();
  return join(folder, "checkpoints");
}

test("a dry run lists, nothing goes without --yes where nobody can be asked, and with it what was listed goes", async () => {
  const cwd = project({ "runs/stranger/notes.txt": "mine" });
  const finished = storeRun(cwd, "a", "finished");
  const failed = storeRun(cwd, "b", "failed");
  const dry = await runCli(cwd, ["runs", "--prune", "--dry-run"]);
  expect(dry).toMatchObject({ code: 0, stderr: "" });
  expect(dry.stdout).toBe(
    [
      "  1.5 kB  runs/a/checkpoints/step-000010",
      "left alone: runs/stranger is no run",
      "To be removed: 1 checkpoint, 1.5 kB.",
      "",
    ].join("\n"),
  );
  const refused = await runCli(cwd, ["runs", "--prune", "--failed"]);
  expect(refused).toMatchObject({ code: 2, stdout: "" });
  expect(refused.stderr).toMatch(/^rrr: removing runs needs --yes .*\[bad-argument\]/);
  expect([finished, failed].map((folder) => readdirSync(folder).length)).toEqual([2, 2]);

  const { stdout, code } = await runCli(cwd, ["runs", "--prune", "--failed", "--yes", "--json"]);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    removed: [
      { kind: "checkpoint", run: "a", bytes: 1_500 },
      { kind: "run", run: "b", status: "failed" },
    ],
    left: [{ name: "stranger", reason: "is no run" }],
  });
  expect(readdirSync(finished)).toEqual(["step-000020"]);
  expect(existsSync(failed)).toBe(false);

  const again = await runCli(cwd, ["runs", "--prune"]);
  expect(again).toMatchObject({ code: 0, stdout: "Removed: nothing.\n" });
  const listed = JSON.parse((await runCli(cwd, ["runs", "--json"])).stdout);
  expect(listed).toMatchObject([{ name: "a", status: "finished", bytes: expect.any(Number) }]);
  expect((await runCli(cwd, ["show", "a"])).stdout).toContain("status   finished");
  expect((await runCli(cwd, ["resume", "a"])).stderr).toMatch(/runs\/a is finished \[bad-run\]/);
});

test("an option of --prune without it removes nothing, and says so", async () => {
  const { code, stdout, stderr } = await runCli(project({}), ["runs", "--older-than", "30d", "--yes"]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain("belong to --prune");
});

test("an empty folder with a higher number costs no trained model, and files of others stay", async () => {
  const cwd = project({});
  const checkpoints = storeRun(cwd, "a", "finished");
  mkdirSync(join(checkpoints, "step-000099"));
  writeFileSync(join(checkpoints, "step-000010", "notes.txt"), "mine");
  const { code, stderr } = await runCli(cwd, ["runs", "--prune", "--yes"]);
  expect(code).toBe(0);
  expect(stderr).toContain("left alone: runs/a/checkpoints/step-000010 keeps its folder");
  expect(readdirSync(checkpoints)).toEqual(["step-000010", "step-000020", "step-000099"]);
  expect(readdirSync(join(checkpoints, "step-000010"))).toEqual(["notes.txt"]);
  expect(readdirSync(join(checkpoints, "step-000020"))).toContain("model.safetensors");
});
