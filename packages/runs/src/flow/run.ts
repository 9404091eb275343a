import { renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf, RrrError } from "@rrr/core";
import { removeUnfinished } from "../prune/run-files.ts";
import { reportText } from "../report/report-text.ts";
import type { Result } from "../report/result.ts";
import type { RunSpec } from "../spec/run-spec.ts";
import type { RunStore } from "../store/run-store.ts";
import type { RunStatus } from "../store/schema.ts";
import { writeFailed } from "../store/write-failed.ts";
import type { RunEvent } from "./events.ts";

/**
 * A run that is going on: iterate over its events, once. Every event is in the store before it comes. Leaving the loop
 * stops the run; `resumeRun` takes it up again.
 */
export interface Run extends AsyncIterable<RunEvent> {
  /** Absolute. */
  readonly folder: string;
  readonly spec: RunSpec;
  /**
   * Takes all events that are left.
   * @returns what the run came to
   * @throws RrrError `aborted` for one that was stopped
   */
  result(): Promise<Result>;
  /**
   * Stops the run at once: when it returns, everything that was finished is on disk, and the process may end. Work that
   * is under way is aborted.
   */
  stop(): void;
}

/** What a run is made from. */
export interface RunParts {
  readonly folder: string;
  readonly spec: RunSpec;
  readonly task: string;
  readonly store: RunStore;
  readonly controller: AbortController;
  readonly flow: AsyncGenerator<RunEvent, Result, undefined>;
  /** Lets go of task, model and engine. */
  close(): Promise<void>;
}

export function createRun({ folder, spec, task, store, controller, flow, close }: RunParts): Run {
  let hasEnded = false;
  let hasBegun = false;
  let outcome: Result | undefined;

  /** The first to end a run says how. */
  function end(status: RunStatus, error?: string): void {
    if (hasEnded) return;
    hasEnded = true;
    try {
      store.end(status, error);
    } finally {
      store.close();
    }
  }
  /** Where something else is the news, that it could not be noted in run.db is none. */
  function tryToEnd(status: "failed" | "stopped", error?: string): void {
    if (hasEnded) return;
    // What a save was at goes while the run is still locked.
    for (const step of [() => removeUnfinished(folder), () => end(status, error)]) {
      try {
        step();
      } catch {
        // A full disk, most likely.
      }
    }
  }

  async function* events(): AsyncGenerator<RunEvent, void, undefined> {
    if (hasEnded) return;
    hasBegun = true;
    try {
      const { plan, model } = spec;
      const command = plan.kind === "train" ? "run" : "eval";
      yield { kind: "run", command, folder, task, model: model.name, seed: plan.seed, spec };
      for (;;) {
        const next = await flow.next();
        if (next.done) {
          // Another process may be taking it up already.
          if (hasEnded) throw new RrrError("aborted", "the run was stopped");
          save(folder, "result.json", `${JSON.stringify(next.value, null, 2)}\n`);
          save(folder, "report.txt", reportText(next.value));
          end("finished");
          outcome = next.value;
          yield { kind: "result", folder, result: next.value };
          return;
        }
        // The store is the first to take an event.
        if (next.value.kind === "stage") store.begin(next.value.stage);
        if (next.value.kind === "evaluation") store.endEvaluation(next.value.stage, next.value.rates);
        yield next.value;
      }
    } catch (error) {
      const cause = reasonOf(controller.signal) ?? error;
      // A spent budget and an abort end a run as Ctrl-C does.
      const isStop = RrrError.is(cause, "budget-spent") || RrrError.is(cause, "aborted");
      tryToEnd(isStop ? "stopped" : "failed", messageOf(cause));
      throw cause;
    } finally {
      // Left in the middle: the work under way must hear of it before it is waited for.
      controller.abort(new RrrError("aborted", "the run was stopped"));
      tryToEnd("stopped");
      await flow.return(undefined as never).catch(() => {});
      await close();
    }
  }
  const iterator = events();
  return {
    folder,
    spec,
    [Symbol.asyncIterator]: () => iterator,
    async result() {
      for await (const event of iterator) if (event.kind === "result") return event.result;
      if (outcome !== undefined) return outcome;
      throw new RrrError("aborted", `${folder} was stopped before it came to a result`);
    },
    stop() {
      const isNew = !hasBegun && !hasEnded;
      tryToEnd("stopped");
      controller.abort(new RrrError("aborted", "the run was stopped"));
      // Otherwise the events let go, as they end.
      if (isNew) close().catch(() => {});
    },
  };
}

/** Why a run was ended, which is the news also where the work under way failed of it; undefined where it was not. */
function reasonOf({ reason }: AbortSignal): RrrError | undefined {
  return RrrError.is(reason) ? reason : undefined;
}

/** Whole or not at all, and never through a link that somebody put in its place. */
function save(folder: string, name: string, text: string): void {
  const [path, temporary] = [join(folder, name), join(folder, `.${name}.tmp`)];
  try {
    rmSync(temporary, { force: true });
    writeFileSync(temporary, text, { flag: "wx" });
    renameSync(temporary, path);
  } catch (cause) {
    throw writeFailed(path, cause);
  }
}
