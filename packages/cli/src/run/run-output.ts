import { writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { messageOf, RrrError } from "@rrr/core";
import type { OpenedRun, Result, RunStatus, RunStore } from "@rrr/runs";
import { reportText, writeFailed } from "@rrr/runs";
import { createDisplay } from "../display/create-display.ts";
import type { Display } from "../display/progress.ts";
import { terminalColumns } from "../output/terminal-columns.ts";
import { type EmitEvent, writeEvent } from "./run-events.ts";
import { removeUnfinished, type Stage, stoppedText } from "./stopped.ts";

/** Who watches and who listens. */
export interface OutputFlags {
  readonly quiet?: true;
  readonly json?: true;
}

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

export function createRunOutput({ folder, store, header }: OpenedRun, flags: OutputFlags): RunOutput {
  const shown = relative(process.cwd(), folder) || ".";
  const display = createDisplay(flags.quiet === true);
  const emit = flags.json ? writeEvent : () => {};
  const { command, task, model, seed } = header;
  emit({ kind: "run", command, folder, task, model, seed });
  display.note(`run folder ${shown}`);

  let stage: Stage = "start";

  function end(status: RunStatus, error?: string): void {
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
      save("result.json", `${JSON.stringify(result, null, 2)}\n`);
      save("report.txt", reportText(result));
      end("finished");
      display.note("");
      const stream = flags.json ? process.stderr : process.stdout;
      stream.write(reportText(result, { columns: terminalColumns(stream) }));
      emit({ kind: "result", folder, ...result });
      display.note(`\nEverything is kept in ${shown}`);
    },
    fail(error) {
      // What a budget ends is as good as what Ctrl-C ends.
      const isSpent = RrrError.is(error, "budget-spent");
      tryToEnd(isSpent ? "stopped" : "failed", messageOf(error));
      if (isSpent) process.stderr.write(stoppedText(shown, stage));
    },
    stop() {
      tryToEnd("stopped");
      process.stderr.write(stoppedText(shown, stage));
      emit({ kind: "stopped", folder });
    },
  };
}
