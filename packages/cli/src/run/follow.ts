import { relative } from "node:path";
import { RrrError } from "@rrr/core";
import { type Run, type RunEvent, type RunPlan, type RunStage, reportText } from "@rrr/runs";
import { createDisplay } from "../display/create-display.ts";
import type { Display } from "../display/progress.ts";
import { print, printJson, say, stdout } from "../output/print.ts";
import { terminalColumns } from "../output/terminal-columns.ts";
import { estimateText } from "./estimate-text.ts";
import { onInterruption } from "./on-interruption.ts";
import { printOutcome } from "./outcome.ts";
import { toProgress } from "./progress-of.ts";
import { settingsText } from "./settings-text.ts";
import { spentText } from "./spent-text.ts";
import { stoppedText } from "./stopped.ts";
import { createJsonWriter } from "./write-json.ts";

/** Who watches and who listens. */
export interface OutputFlags {
  readonly quiet?: true;
  readonly json?: true;
}

/**
 * Takes a run's events to their end: shows them to the person who watches, and writes them for the program that listens.
 * Ctrl-C ends the process, with all that was finished on disk. The exit code says what the result is worth.
 * @param start called once interruptions are heard
 */
export async function follow(start: () => Promise<Run>, flags: OutputFlags): Promise<void> {
  const display = createDisplay(flags.quiet === true);
  const write = flags.json ? createJsonWriter() : () => {};
  let run: Run | undefined;
  let stage: RunStage | undefined;
  let hasUnits = false;
  const sayWhatIsKept = (folder: string): void => {
    say(stoppedText(shown(folder), stage, { columns: terminalColumns(process.stderr) }));
  };
  const ignore = onInterruption(() => {
    display.close();
    if (run === undefined) return;
    run.stop();
    sayWhatIsKept(run.folder);
    if (flags.json) printJson({ kind: "stopped", folder: run.folder });
  });
  try {
    run = await start();
    let plan: RunPlan | undefined;
    for await (const event of run) {
      if (event.kind === "run") plan = event.spec.plan;
      if (event.kind === "stage") stage = event.stage;
      hasUnits ||= event.kind === "unit";
      show(display, event, flags);
      write(event);
      if (event.kind === "result" && plan !== undefined) {
        printOutcome(event.result, plan, shown(event.folder));
        return;
      }
    }
    throw new RrrError("aborted", `${run.folder} was stopped`);
  } catch (error) {
    display.close();
    // A spent budget is no failure: it ends a run as Ctrl-C does. So does a server that refuses from some point on.
    const isStop = RrrError.is(error, "budget-spent") || (hasUnits && RrrError.is(error, "model-failed"));
    if (run !== undefined && isStop) sayWhatIsKept(run.folder);
    throw error;
  } finally {
    ignore();
  }
}

function show(display: Display, event: RunEvent, { json }: OutputFlags): void {
  switch (event.kind) {
    case "run":
      display.note(`run folder ${shown(event.folder)}`);
      for (const line of settingsText(event.spec)) display.note(line);
      break;
    case "note":
      display.note(event.text);
      break;
    case "estimate":
      display.note(estimateText(event));
      break;
    case "template":
      for (const line of event.text) display.note(line);
      break;
    case "look":
      for (const { text, advice } of event.findings) display.note(`before training: ${text}. ${advice}`);
      break;
    case "warning":
      display.note(`WARNING at step ${event.step}: ${event.text}`);
      break;
    case "probe":
      display.note(
        `step ${event.step}: ${event.passed} of ${event.of} pass after reflection${event.errored > 0 ? `, ${event.errored} errored` : ""}${event.isBest ? ", the best so far" : ""}`,
      );
      break;
    case "diverged":
      display.note(`training has destroyed the policy: it ends at step ${event.step}`);
      break;
    case "measured":
      display.note(`the checkpoint of step ${event.step} counts: ${shown(event.folder)}`);
      break;
    case "progress":
      display.update(toProgress(event));
      break;
    case "evaluation":
      for (const { code, message, count } of event.reasons)
        display.note(`${count} errored: ${message} [${code}]`);
      break;
    case "spent":
      display.note(spentText(event));
      break;
    case "result":
      display.close();
      display.note("");
      {
        const [stream, write] = json ? ([process.stderr, say] as const) : ([stdout, print] as const);
        write(reportText(event.result, { columns: terminalColumns(stream) }));
      }
      display.note(`\nEverything is kept in ${shown(event.folder)}`);
      break;
  }
}

function shown(folder: string): string {
  return relative(process.cwd(), folder) || ".";
}
