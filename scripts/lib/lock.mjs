/** One set-up at a time: two of them in the same folder would tear down each other's node_modules and dist. */
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { root } from "./process.mjs";

const path = join(root, ".scratch", "setup.lock");

/** Waits for the lock, holds it during `body`, gives it back whatever happens. */
export async function withLock(body) {
  mkdirSync(dirname(path), { recursive: true });
  let told = false;
  while (!take()) {
    if (!told) console.error("set-up: another set-up of this folder is running; waiting for it …");
    told = true;
    await sleep(300);
  }
  const release = () => rmSync(path, { force: true });
  process.on("exit", release);
  try {
    return await body();
  } finally {
    process.off("exit", release);
    release();
  }
}

function take() {
  try {
    writeFileSync(path, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
  }
  if (!isBeingWritten() && !isAlive(holder())) rmSync(path, { force: true });
  return false;
}

/** A lock is created first and written a moment later: an empty one is somebody's, unless they died in between. */
function isBeingWritten() {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats?.size === 0 && Date.now() - stats.mtimeMs < 1_000;
}

function holder() {
  try {
    return Number(readFileSync(path, "utf8"));
  } catch {
    return 0;
  }
}

function isAlive(pid) {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
