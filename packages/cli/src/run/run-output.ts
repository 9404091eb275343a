import { writeFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { messageOf } from "@rrr/core";
import { toTaskOptions } from "../commands/task-options.ts";
import { createDisplay } from "../display/create-display.ts";
import type { Display } from "../display/progress.ts";
import { ownVersion } from "../own-version.ts";
import type { LoadedTask } from "../plugins/load-task.ts";
import { reportText } from "../report/report-text.ts";
import type { Result } from "../report/result.ts";
import { createRunFolder } from "../store/run-folder.ts";
import { createRunStore, type RunStore } from "../store/run-store.ts";
import { writeFailed } from "../store/write-failed.ts";
import { type EmitEvent, writeEvent } from "./run-events.ts";
import type { RunFlags, RunPlan } from "./run-plan.ts";
import { removeUnfinished, type Stage, stoppedText } from "./stopped.ts";

/** Where a run goes: its folder, its store, the person who watches, the program that listens. */
export interface RunOutput {
  readonly folder: string;
  readonly store: RunStore;
  readonly display: Display;
  readonly emit: EmitEvent;
  /** Says what the run is at, for when it is stopped. */
  enter(stage: Stage): void;
  /** Each of these ends the run's output. @throws RrrError `bad-run` */
  finish(result: Result): void;
  /** Never throws: `error` is what the user has to hear of. */
  fail(error: unknown): void;
  stop(): void;
}

/**
 * Makes the run's folder and opens everything in it.
 * @param plugin as the user typed it
 * @throws RrrError `bad-run`
 */
export function createRunOutput(
  plugin: string,
  { task, file }: LoadedTask,
  plan: RunPlan,
  flags: RunFlags,
): RunOutput {
  const folder = createRunFolder(flags.out, task.name, process.cwd(), new Date());
  const shown = relative(process.cwd(), folder) || ".";
  const store = createRunStore(folder, {
    id: basename(folder),
    rrrVersion: ownVersion(),
    task: task.name,
    plugin: file,
    model: flags.model,
    seed: plan.seed,
    settings: plan,
  });
  const display = createDisplay(flags.quiet === true);
  const emit = flags.json ? writeEvent : () => {};
  emit({ kind: "run", folder, task: task.name, model: flags.model, seed: plan.seed });
  display.note(`run folder ${shown}`);

  let stage: Stage = "start";

  function end(status: Parameters<RunStore["end"]>[0], error?: string): void {
    display.close();
    try {
      store.end(status, error);
    } finally {
      store.close();
    }
  }
  /** Where something else is the news, that it could not be noted in run.db is none. */
  function tryToEnd(status: "failed" | "stopped", error?: string): void {
    try {
      end(status, error);
      removeUnfinished(folder);
    } catch {
      // A full disk, most likely.
    }
  }
  function save(name: string, text: string): void {
    const path = join(folder, name);
    try {
      writeFileSync(path, text);
    } catch (cause) {
      throw writeFailed(path, cause);
    }
  }
  return {
    folder,
    store,
    display,
    emit,
    enter(entered) {
      stage = entered;
    },
    finish(result) {
      const text = reportText(result);
      save("result.json", `${JSON.stringify(result, null, 2)}\n`);
      save("report.txt", text);
      end("finished");
      display.note("");
      (flags.json ? process.stderr : process.stdout).write(text);
      emit({ kind: "result", folder, ...result });
      display.note(`\nEverything is kept in ${shown}`);
    },
    fail: (error) => tryToEnd("failed", messageOf(error)),
    stop() {
      tryToEnd("stopped");
      process.stderr.write(stoppedText({ folder: shown, stage, plugin, options: toTaskOptions(flags) }));
      emit({ kind: "stopped", folder });
    },
  };
}
