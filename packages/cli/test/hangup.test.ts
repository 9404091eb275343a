/** A closed terminal ends a run as Ctrl-C does, but not one that nohup started. */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findRun } from "@rrr/runs";
import { expect, onTestFinished, test, vi } from "vitest";
import { EVEN_TASK, project } from "../../plugins/test/plugin-files.ts";
import { hostedModel } from "./hosted-model.ts";

vi.setConfig({ testTimeout: 120_000 });

const bin = fileURLToPath(new URL("../bin/rrr.js", import.meta.url));

/** Starts an evaluation, and hangs up in the middle of it. */
async function hangUp(
  command: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly cwd: string; readonly code: number | null; readonly output: string }> {
  const cwd = project({ "even.mjs": `export default ${EVEN_TASK};` });
  const { flags } = await hostedModel(50);
  const args = [
    "eval",
    "./even.mjs",
    ...flags,
    "--limit",
    "20",
    "--concurrency",
    "2",
    "--no-cache",
    "--out",
    "run",
  ];
  const [file = "", ...before] = command;
  // The shell in between must not be all that is hung up.
  const child = spawn(file, [...before, process.execPath, bin, ...args], {
    cwd,
    env: { ...process.env, ...env },
    detached: true,
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let output = "";
  let isSent = false;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      if (isSent || !output.includes("evaluate: episodes")) return;
      isSent = true;
      hangUpGroup(child);
    });
  }
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  expect(isSent).toBe(true);
  return { cwd, code, output };
}

/** As a terminal does that is closed. */
function hangUpGroup({ pid }: ChildProcess): void {
  if (pid !== undefined) process.kill(-pid, "SIGHUP");
}

test("SIGHUP ends a run as Ctrl-C does: everything finished is kept, and it can be resumed", async () => {
  const { cwd, code, output } = await hangUp(["env"]);
  expect(code).toBe(129);
  expect(output).toContain("rrr: stopped in the evaluation; every finished problem is kept");
  expect(findRun("run", cwd).status).toBe("stopped");
});

test.skipIf(process.platform !== "linux").each([
  ["nohup, as a shell starts it", ["bash", "-c", 'trap : HUP; nohup "$0" "$@"; exit $?']],
  ["a shell that ignores it", ["sh", "-c", 'trap "" HUP; "$0" "$@"; exit $?']],
])("it stays ignored where it was at start: %s", async (_, command) => {
  const { cwd, code, output } = await hangUp(command);
  expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining("first try") });
  expect(JSON.parse(readFileSync(join(cwd, "run", "result.json"), "utf8"))).toMatchObject({ task: "even" });
});
