import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { project } from "../../../plugins/test/plugin-files.ts";
import { runText } from "../report/run-text.ts";
import { reopenRunStore } from "../store/run-store.ts";
import { listRuns } from "./list-runs.ts";
import { openRunReader } from "./run-reader.ts";
import { runState } from "./run-state.ts";

test("a run that a process writes is running; once it is killed it is interrupted, until it is taken up", async () => {
  const cwd = project({ "runs/.keep": "" });
  const folder = join(cwd, "runs", "killed");
  mkdirSync(folder);
  const script = join(import.meta.dirname, "../../test/write-forever.ts");
  const child = spawn(process.execPath, ["--import", "tsx", script, folder]);
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child.stdout, "data");
  const states = () => {
    const reader = openRunReader(folder);
    const text = runText(reader);
    const state = runState(reader.run);
    reader.close();
    return [state, (listRuns(cwd)[0] as { status?: string }).status, /^status +(\w+)$/m.exec(text)?.[1]];
  };
  expect(states()).toEqual(["running", "running", "running"]);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(existsSync(join(folder, ".lock"))).toBe(true);
  expect(states()).toEqual(["interrupted", "interrupted", "interrupted"]);
  // That it was asked about keeps nobody out.
  const store = reopenRunStore(folder);
  expect(states()).toEqual(["running", "running", "running"]);
  store.end("stopped");
  store.close();
  expect(states()).toEqual(["stopped", "stopped", "stopped"]);
});
