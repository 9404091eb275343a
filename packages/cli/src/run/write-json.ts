import type { RunEvent } from "@rrr/runs";
import { printJson } from "../output/print.ts";

/** Progress in a log is for programs that show it: more of it would only be read past. */
const PROGRESS_MS = 1_000;

/**
 * Writes a run's events on standard output, an object a line: what each came to, without the texts, which are in the
 * run's folder. Progress comes once a second at most, and where a stage begins.
 */
export function createJsonWriter(write: (line: object) => void = printJson): (event: RunEvent) => void {
  let writtenAt = Number.NEGATIVE_INFINITY;
  return (event) => {
    if (event.kind === "stage") writtenAt = Number.NEGATIVE_INFINITY;
    if (event.kind === "progress") {
      if (performance.now() - writtenAt < PROGRESS_MS) return;
      writtenAt = performance.now();
    }
    const line = toLine(event);
    if (line !== undefined) write(line);
  };
}

function toLine(event: RunEvent): object | undefined {
  switch (event.kind) {
    case "unit":
    case "failure":
      return undefined;
    case "step": {
      const { groups: _, ...figures } = event.report;
      return { kind: event.kind, ...figures };
    }
    case "progress": {
      if (event.stage !== "train") return event;
      const { report: _, ...progress } = event;
      return progress;
    }
    case "result":
      return { kind: event.kind, folder: event.folder, ...event.result };
    default:
      return event;
  }
}
