import { relative } from "node:path";
import type { RunEvent } from "@rrr/runs";
import type { Display } from "../display/progress.ts";
import { estimateText } from "./estimate-text.ts";
import { toProgress } from "./progress-of.ts";
import { settingsText } from "./settings-text.ts";
import { spentText } from "./spent-text.ts";

/** Shows a run's events as they come; its result is left to whoever prints it. */
export function createView(display: Display): (event: RunEvent) => void {
  /** Of the steps that this process has seen. */
  const passRates: number[] = [];
  return (event) => {
    if (event.kind === "step") passRates.push(event.report.passRate);
    show(display, event, passRates);
  };
}

function show(display: Display, event: RunEvent, passRates: readonly number[]): void {
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
      display.update(toProgress(event, passRates));
      break;
    case "unit":
      if (event.result.part !== "controls") display.episode(event.result.episode);
      break;
    case "step": {
      const episodes = event.report.groups.flatMap(({ episodes_G }) => episodes_G);
      const last = episodes.findLast(({ kind }) => kind === "reflected");
      if (last !== undefined) display.episode(last);
      break;
    }
    case "evaluation":
      for (const { code, message, count } of event.reasons)
        display.note(`${count} errored: ${message} [${code}]`);
      break;
    case "spent":
      display.note(spentText(event));
      break;
  }
}

/** A folder as it is shown: from where the command was begun. */
export function shown(folder: string): string {
  return relative(process.cwd(), folder) || ".";
}
