import { RrrError, type RrrErrorCode } from "@rrr/core";
import type { Finding, TaskFindingCode } from "@rrr/core/testing";
import type { CheckedTask, CheckMessage } from "./check-message.ts";
import { type CheckRequest, runCheckProcess } from "./check-process.ts";

/** What `rrr check` found out. */
export interface CheckReport {
  readonly task: CheckedTask;
  readonly findings: readonly Finding<TaskFindingCode>[];
  /** What the suite came to look at: a task may hang, or have no gold. */
  readonly checked: readonly TaskFindingCode[];
  /** What a verdict cost, at the 99.9th percentile of so many hostile outputs. */
  readonly verdict: VerdictCost | undefined;
}

export interface VerdictCost {
  readonly outputs: number;
  readonly ms: number;
  readonly bytes: number;
}

type Checking = Extract<CheckMessage, { kind: "checking" }>;

/** Runs the conformance suite on a plugin. @throws RrrError as loading the plugin does */
export async function checkPlugin(
  request: CheckRequest,
  cwd: string,
  silenceMs: number,
): Promise<CheckReport> {
  const seen: CheckMessage[] = [];
  const lost = await runCheckProcess(request, cwd, silenceMs, (message) => seen.push(message));
  const all = <Kind extends CheckMessage["kind"]>(kind: Kind) =>
    seen.filter((message): message is Extract<CheckMessage, { kind: Kind }> => message.kind === kind);

  const [failed] = all("error");
  if (failed !== undefined) {
    const { code, message, hint } = failed.error;
    throw new RrrError(code as RrrErrorCode, message, { hint });
  }
  const [loaded] = all("loaded");
  if (loaded === undefined) throw new RrrError("plugin-failed", `loading "${request.plugin}": ${lost}`);
  const checking = all("checking");
  const findings = all("finding").map(({ finding }) => finding);
  const [measured] = all("measured");
  return {
    task: loaded.task,
    findings: lost === undefined ? findings : [...findings, toFinding(lost, checking.at(-1))],
    checked: [...new Set(checking.flatMap(({ codes }) => codes))],
    verdict: measured,
  };
}

function toFinding(lost: string, at: Checking | undefined): Finding<TaskFindingCode> {
  return { code: at?.codes[0] ?? "broken", message: at === undefined ? lost : `${lost}, on ${at.what}` };
}
