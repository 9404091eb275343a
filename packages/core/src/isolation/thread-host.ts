import { Worker } from "node:worker_threads";
import { messageOf } from "../errors.ts";
import { entry } from "./entry.ts";
import { threadFlags } from "./flags.ts";
import type { Host, HostEvent, Report } from "./host.ts";
import { type Parcel, pack } from "./pack.ts";
import type { PlainError } from "./question.ts";
import type { TaskSource } from "./task-source.ts";
import type { ThreadData } from "./verifier-thread.ts";
import { createSharedSigns, readSigns } from "./vital-signs.ts";
import { createWatch, type WatchSettings } from "./watch.ts";

export interface ThreadSettings extends WatchSettings {
  /** As `toSendable` makes it. */
  readonly source: TaskSource;
}

export interface ThreadHost extends Host {
  /** Asks what is packed already. */
  forward(parcel: Parcel): void;
}

/** Runs a task's verifier in a thread, and ends it when a verdict takes too long or too much memory. */
export function startThread(settings: ThreadSettings, report: Report): ThreadHost {
  const { what, source, memoryMb } = settings;
  const shared = createSharedSigns();
  const signs = readSigns(shared);
  const workerData: ThreadData = { source, memoryMb, shared };
  const worker = new Worker(entry("verifier-thread"), {
    name: what,
    workerData,
    execArgv: threadFlags(),
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
  });
  const watch = createWatch(settings, signs, finish);
  let isReady = false;
  let hasEnded = false;
  let outstanding = 0;
  let thrown: unknown;

  function finish(error: PlainError, guilty?: number): void {
    if (hasEnded) return;
    hasEnded = true;
    watch.stop();
    void worker.terminate();
    report({ kind: "ended", error, isFruitless: !isReady, ...(guilty === undefined ? {} : { guilty }) });
  }

  function forward(parcel: Parcel): void {
    outstanding += parcel.count;
    watch.start(parcel.timeoutMs);
    worker.postMessage(parcel);
  }

  worker.on("message", (event: HostEvent) => {
    if (hasEnded) return;
    if (event.kind === "ended") finish(event.error);
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
    const how = thrown === undefined ? ` ended its thread (exit code ${exitCode})` : `: ${messageOf(thrown)}`;
    // The heap may have been filled by others before.
    const guilty = isOutOfMemory(thrown) ? undefined : signs.onStack();
    finish({ code: "verifier-failed", message: `${what}${how}` }, guilty);
  });

  return {
    forward,
    ask: (batch) => forward(pack(batch, report)),
    hold: (isNeeded) => (isNeeded ? worker.ref() : worker.unref()),
    async end() {
      hasEnded = true;
      watch.stop();
      await worker.terminate();
    },
  };
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === "ERR_WORKER_OUT_OF_MEMORY";
}
