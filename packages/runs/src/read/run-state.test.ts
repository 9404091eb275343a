import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { project } from "../../../plugins/test/plugin-files.ts";
import { runText } from "../report/run-text.ts";
import { isLocked, lockRun } from "../store/run-lock.ts";
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
  // That it was asked about keeps nobody out, and a second one is kept out.
  const store = reopenRunStore(folder);
  expect(states()).toEqual(["running", "running", "running"]);
  expect(() => reopenRunStore(folder)).toThrow("is being written by another rrr");
  // It may end between what was read of it and the question.
  const reader = openRunReader(folder);
  store.end("stopped");
  store.close();
  expect(runState(reader.run)).toBe("stopped");
  reader.close();
  expect(states()).toEqual(["stopped", "stopped", "stopped"]);
});

test("a run that was moved does not let go of the lock of the one in its place", () => {
  const cwd = project({ "a/.keep": "" });
  const [here, there] = [join(cwd, "a"), join(cwd, "b")];
  const unlockMoved = lockRun(here);
  renameSync(here, there);
  mkdirSync(here);
  const unlock = lockRun(here);
  unlockMoved();
  expect([isLocked(here), isLocked(there)]).toEqual([true, false]);
  unlock();
  expect([isLocked(here), existsSync(join(here, ".lock"))]).toEqual([false, false]);
});

test("who waits for a lock that is let go gets it, or hears that another has it", async () => {
  const folder = project({ ".keep": "" });
  const script = join(import.meta.dirname, "../../test/lock-forever.ts");
  const others = [1, 2].map(() => spawn(process.execPath, ["--import", "tsx", script, folder]));
  onTestFinished(() => others.forEach((child) => void child.kill("SIGKILL")));
  await Promise.all(others.map((child) => once(child.stdout, "data")));
  let had = 0;
  for (let i = 0; i < 200; i++) {
    try {
      lockRun(folder)();
      had++;
    } catch (error) {
      expect((error as Error).message).toContain("is being written by another rrr");
    }
  }
  expect(had).toBeGreaterThan(0);
  expect(others.map(({ exitCode }) => exitCode)).toEqual([null, null]);
});
