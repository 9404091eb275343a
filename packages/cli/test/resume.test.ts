import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { project } from "../../plugins/test/plugin-files.ts";
import { runCli } from "./run-cli.ts";

test("without a name, what another process writes is left alone, and what was killed is taken up", async () => {
  const cwd = project({ "runs/.keep": "" });
  const folder = join(cwd, "runs", "mine");
  mkdirSync(folder);
  const script = join(import.meta.dirname, "../../runs/test/write-forever.ts");
  const child = spawn(process.execPath, ["--import", "tsx", script, folder]);
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child.stdout, "data");
  child.kill("SIGSTOP");
  const none = await runCli(cwd, ["resume"]);
  expect([none.code, none.stderr]).toEqual([
    1,
    expect.stringMatching(/^rrr: no run below runs\/ waits to be resumed .*\[bad-run\]/),
  ]);
  expect((await runCli(cwd, ["runs"])).stdout).toMatch(/mine .*running/);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect((await runCli(cwd, ["runs"])).stdout).toMatch(/mine .*interrupted/);
  // Its task is not there; that it was looked for says which run was meant.
  const taken = await runCli(cwd, ["resume"]);
  expect(taken.stderr).not.toContain("waits to be resumed");
  expect(taken.code).not.toBe(0);
});
