import { RrrError } from "@rrr/core";
import type { Finding, TaskFindingCode } from "@rrr/core/testing";
import type { TaskOptions } from "../load/load-task.ts";
import type { CheckedTask, CheckMessage } from "./check-message.ts";
import { runCheckProcess } from "./check-process.ts";

export interface CheckSettings {
  /** What the plugin's factory is called with. */
  readonly options?: TaskOptions;
  /** Seed of the items. Default 0. */
  readonly seed?: number;
  /** Items looked at per split. Default 100. */
  readonly count?: number;
  /** How long the plugin may take over one answer before it counts as hung. Default 30,000. */
  readonly patienceMs?: number;
  /** From where the plugin is looked for. Default: the working directory. */
  readonly cwd?: string;
}

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

/**
 * Runs the conformance suite on a plugin, in a process of its own: what a plugin does there is a finding.
 * @param plugin short name, package or path of the task
 * @throws RrrError as loading the plugin does
 * @example const { findings } = await checkPlugin("./my-task.ts");
 */
export async function checkPlugin(plugin: string, settings: CheckSettings = {}): Promise<CheckReport> {
  const { options = {}, seed = 0, count = 100, patienceMs = 30_000, cwd = process.cwd() } = settings;
  const seen: CheckMessage[] = [];
  const request = { plugin, options, seed, count };
  const lost = await runCheckProcess(request, cwd, patienceMs, (message) => seen.push(message));
  const all = <Kind extends CheckMessage["kind"]>(kind: Kind) =>
    seen.filter((message): message is Extract<CheckMessage, { kind: Kind }> => message.kind === kind);

  const [failed] = all("error");
  if (failed !== undefined) {
    const { code, message, hint } = failed.error;
    throw new RrrError(code, message, hint === undefined ? {} : { hint });
  }
  const [loaded] = all("loaded");
  if (loaded === undefined) throw new RrrError("plugin-failed", `loading "${plugin}": ${lost}`);
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
