import { writeFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { messageOf } from "@rrr/core";
import { createDisplay } from "../display/create-display.ts";
import type { Display } from "../display/progress.ts";
import { ownVersion } from "../own-version.ts";
import type { LoadedTask } from "../plugins/load-task.ts";
import { reportText } from "../report/report-text.ts";
import type { Result } from "../report/result.ts";
import { createRunFolder } from "../store/run-folder.ts";
import { createRunStore, type RunStore } from "../store/run-store.ts";
import { type EmitEvent, writeEvent } from "./run-events.ts";
import type { RunFlags, RunPlan } from "./run-plan.ts";
import { removeUnfinished, stoppedText } from "./stopped.ts";

/** Where a run goes: its folder, its store, the person who watches, the program that listens. */
export interface RunOutput {
  readonly folder: string;
  readonly store: RunStore;
  readonly display: Display;
  readonly emit: EmitEvent;
  /** Each of these ends the run's output. */
  finish(result: Result): void;
  fail(error: unknown): void;
  stop(): void;
}

/** Makes the run's folder and opens everything in it. @throws RrrError `bad-run` */
export function createRunOutput({ task, file }: LoadedTask, plan: RunPlan, flags: RunFlags): RunOutput {
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

  function end(status: Parameters<RunStore["end"]>[0], error?: string): void {
    display.close();
    store.end(status, error);
    store.close();
  }
  return {
    folder,
    store,
    display,
    emit,
    finish(result) {
      const text = reportText(result);
      writeFileSync(join(folder, "result.json"), `${JSON.stringify(result, null, 2)}\n`);
      writeFileSync(join(folder, "report.txt"), text);
      end("finished");
      display.note("");
      (flags.json ? process.stderr : process.stdout).write(text);
      emit({ kind: "result", folder, ...result });
      display.note(`\nEverything is kept in ${shown}`);
    },
    fail: (error) => end("failed", messageOf(error)),
    stop() {
      end("stopped");
      removeUnfinished(folder);
      process.stderr.write(stoppedText(shown, flags.model === "builtin" ? task.name : file));
      emit({ kind: "stopped", folder });
    },
  };
}
