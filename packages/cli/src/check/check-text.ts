import { TASK_FINDING_CODES, type TaskFindingCode } from "@rrr/core/testing";
import type { CheckReport, VerdictCost } from "@rrr/plugins";

/** What holds where a code is not found. */
const CLAIMS: Readonly<Record<TaskFindingCode, string>> = {
  broken: "it is a task, and its methods answer",
  "no-items": "both splits have items",
  "not-reproducible": "the same seed gives the same items and prompts",
  "splits-overlap": "the splits share no item, whatever their seeds",
  "schema-refuses-item": "the schema accepts the task's own items",
  "item-changed": "no method changes an item",
  "gold-fails": "the gold completion passes",
  "gold-in-prompt": "the prompt does not contain the answer",
  "verifier-breaks": "the verifier gives a verdict on hostile outputs",
  "hostile-passes": "hostile outputs fail",
  "verdict-varies": "the same output gets the same verdict",
  "verifier-slow": "a verdict takes less than 1 s",
  "verifier-memory": "a verdict takes less than 64 MB",
  "copy-passes": "no part of the prompt passes when it is copied",
  "show-breaks": "what it shows of items and answers can be shown",
  "gold-in-request": "the request for a reflection does not state the answer",
  "undeclared-feedback": "the request for a reflection tells only that it failed",
};

const NEEDS_GOLD: readonly TaskFindingCode[] = ["gold-fails", "gold-in-prompt"];

/** The report as people read it: a line for each thing that was looked at, findings in full below. */
export function checkText(report: CheckReport): string {
  const { task, findings } = report;
  const lines = [
    `task ${task.name} (${task.spec}) of ${task.file}`,
    ...(task.testOnly ? ["All of its items are held out: for `rrr eval`, with nothing to train on."] : []),
    "",
    ...TASK_FINDING_CODES.map((code) => `  ${stateOf(code, report)}  ${claimOf(code, report)}`),
    ...(report.verdict === undefined ? [] : ["", costText(report.verdict)]),
    "",
    ...findings.map(({ code, message }) => `${code}: ${message}`),
    `${findings.length === 0 ? "no" : findings.length} finding${findings.length === 1 ? "" : "s"}`,
  ];
  return `${lines.join("\n")}\n`;
}

function claimOf(code: TaskFindingCode, { task }: CheckReport): string {
  return code === "no-items" && task.testOnly ? "the held-out split has items" : CLAIMS[code];
}

function stateOf(code: TaskFindingCode, { task, findings, checked }: CheckReport): string {
  if (findings.some((finding) => finding.code === code)) return "FOUND      ";
  if (checked.includes(code)) return "ok         ";
  // Of a task that has golds, the items that were looked at may have none.
  const isPast = checked.includes("hostile-passes");
  if (NEEDS_GOLD.includes(code) && (!task.hasGold || isPast)) return "no gold    ";
  if (code === "undeclared-feedback" && task.feedback) return "declared   ";
  if (code === "splits-overlap" && task.testOnly) return "one split  ";
  return "not reached";
}

function costText({ outputs, ms, bytes }: VerdictCost): string {
  const megabytes = (bytes / 2 ** 20).toFixed(1);
  return `a verdict: ${ms.toFixed(2)} ms, ${megabytes} MB at the 99.9th percentile of ${outputs} hostile outputs`;
}
