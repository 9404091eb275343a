import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { entry } from "./entry.ts";
import { ownFlags } from "./flags.ts";
import type { Host, HostEvent, Report } from "./host.ts";
import { pack } from "./pack.ts";
import type { PlainError } from "./question.ts";
import type { ThreadSettings } from "./thread-host.ts";

/**
 * Runs a task's verifier in a process of its own: in a thread there, whose limits the process keeps. What a thread
 * cannot hold back, such as a crash of native code, ends only that process.
 */
export function startProcess(settings: ThreadSettings, report: Report): Host {
  const child = fork(fileURLToPath(entry("verifier-process")), {
    serialization: "advanced",
    execArgv: ownFlags(),
    // Its standard output would be the program's own.
    stdio: ["ignore", 2, 2, "ipc"],
  });
  let isReady = false;
  let hasEnded = false;

  function finish(event: HostEvent): void {
    if (hasEnded) return;
    hasEnded = true;
    child.kill("SIGKILL");
    report(event);
  }
  const finishWith = (error: PlainError): void => finish({ kind: "ended", error, isFruitless: !isReady });
  const failed = (reason: string): void =>
    finishWith({ code: "verifier-failed", message: `the process of ${settings.what} ${reason}` });

  child.on("message", (event: HostEvent) => {
    if (hasEnded) return;
    if (event.kind === "ended") finish(event);
    else {
      if (event.kind === "ready") isReady = true;
      report(event);
    }
  });
  child.on("error", ({ message }) => failed(`could not be used: ${message}`));
  child.on("exit", (code, signal) =>
    failed(`ended by ${signal === null ? `itself (exit code ${code})` : signal}`),
  );
  child.send(settings);

  return {
    ask: (batch) => void child.send(pack(batch, report)),
    hold(isNeeded) {
      if (isNeeded) {
        child.ref();
        child.channel?.ref();
      } else {
        child.unref();
        child.channel?.unref();
      }
    },
    async end() {
      hasEnded = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.ref();
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}
