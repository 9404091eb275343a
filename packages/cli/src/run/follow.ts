import { RrrError } from "@rrr/core";
import { type Result, type Run, type RunPlan, type RunStage, reportText } from "@rrr/runs";
import { createDisplay } from "../display/create-display.ts";
import { print, printJson, say, stdout } from "../output/print.ts";
import { terminalColumns } from "../output/terminal-columns.ts";
import { onInterruption } from "./on-interruption.ts";
import { printOutcome } from "./outcome.ts";
import { stoppedText } from "./stopped.ts";
import { checkTensorBoard, openTensorBoard } from "./tensorboard.ts";
import { createView, shown } from "./view.ts";
import { createJsonWriter } from "./write-json.ts";

/** Who watches and who listens. */
export interface OutputFlags {
  readonly quiet?: true;
  readonly json?: true;
  /** Folder of all runs' metrics; true: the run's own. */
  readonly tensorboard?: string | boolean;
}

/**
 * Takes a run's events to their end: shows them to the person who watches, and writes them for the program that listens.
 * Ctrl-C ends the process, with all that was finished on disk. The exit code says what the result is worth.
 * @param start called once interruptions are heard
 */
export async function follow(start: () => Promise<Run>, flags: OutputFlags): Promise<void> {
  const display = createDisplay(flags.quiet === true);
  const write = flags.json ? createJsonWriter() : () => {};
  const view = createView(display);
  let run: Run | undefined;
  let tensorBoard: ReturnType<typeof openTensorBoard>;
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
    checkTensorBoard(flags.tensorboard);
    run = await start();
    tensorBoard = openTensorBoard(run.folder, flags.tensorboard);
    if (tensorBoard !== undefined)
      display.note(`TensorBoard: tensorboard --logdir ${shown(tensorBoard.folder)}`);
    let plan: RunPlan | undefined;
    for await (const event of run) {
      if (event.kind === "run") plan = event.spec.plan;
      if (event.kind === "stage") stage = event.stage;
      hasUnits ||= event.kind === "unit";
      view(event);
      write(event);
      tensorBoard?.log.take(event);
      if (event.kind === "result" && plan !== undefined) {
        display.close();
        display.note("");
        printReport(event.result, flags);
        display.note(`\nEverything is kept in ${shown(event.folder)}`);
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
    tensorBoard?.log.close();
    ignore();
  }
}

function printReport(result: Result, { json }: OutputFlags): void {
  const [stream, write] = json ? ([process.stderr, say] as const) : ([stdout, print] as const);
  write(reportText(result, { columns: terminalColumns(stream) }));
}
