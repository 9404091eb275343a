import { Worker } from "node:worker_threads";
import { messageOf } from "../errors.ts";
import { entry } from "./entry.ts";
import type { Batch, Host, HostEvent, Report } from "./host.ts";
import { pack } from "./pack.ts";
import type { PlainError } from "./question.ts";
import type { TaskSource } from "./task-source.ts";
import type { ThreadData } from "./verifier-thread.ts";
import { createSharedSigns, readSigns } from "./vital-signs.ts";
import { createWatch } from "./watch.ts";

export interface ThreadSettings {
  /** In messages: `the verifier of task "even"`. */
  readonly what: string;
  /** As `toSendable` makes it. */
  readonly source: TaskSource;
  readonly memoryMb: number;
}

/** Runs a task's verifier in a thread, and ends it when a verdict takes too long or too much memory. */
export function startThread({ what, source, memoryMb }: ThreadSettings, report: Report): Host {
  const shared = createSharedSigns();
  const signs = readSigns(shared);
  const workerData: ThreadData = { source, memoryMb, shared };
  const worker = new Worker(entry("verifier-thread"), {
    name: what,
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
  });
  const watch = createWatch(what, signs, memoryMb, finish);
  let isReady = false;
  let hasEnded = false;
  let outstanding = 0;
  let thrown: unknown;

  function finish(error: PlainError, guilty: number = signs.onStack()): void {
    if (hasEnded) return;
    hasEnded = true;
    watch.stop();
    void worker.terminate();
    const known = guilty >= 0 ? { guilty } : {};
    report({ kind: "ended", error, isFruitless: !isReady, ...known });
  }

  worker.on("message", (event: HostEvent) => {
    if (hasEnded) return;
    if (event.kind === "ended") finish(event.error, -1);
    else {
      if (event.kind === "ready") isReady = true;
      else outstanding -= event.count;
      if (outstanding === 0) watch.stop();
      report(event);
    }
  });
  worker.on("error", (error) => {
    thrown = error;
  });
  worker.on("exit", (exitCode) => {
    const reason = thrown === undefined ? `ended its thread (exit code ${exitCode})` : messageOf(thrown);
    finish({ code: "verifier-failed", message: `${what}: ${reason}` });
  });

  return {
    ask(batch: Batch) {
      const questions = pack(batch.questions, report);
      const count = typeof questions === "string" ? batch.count : questions.length;
      if (count === 0) return;
      outstanding += count;
      watch.start(batch.timeoutMs);
      worker.postMessage({ ...batch, count, questions });
    },
    hold: (isNeeded) => (isNeeded ? worker.ref() : worker.unref()),
    async end() {
      hasEnded = true;
      watch.stop();
      await worker.terminate();
    },
  };
}
