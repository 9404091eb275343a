import type { Message } from "../message.ts";
import type { Task } from "../task.ts";
import type { Verdict } from "../verdict.ts";
import { verifyWithin } from "../verify.ts";
import type { Finding } from "./finding.ts";
import type { TaskFindingCode, TaskProgress } from "./task-finding.ts";

/** What the checks of a task share: where they report, and the one way in which they call the verifier. */
export interface TaskSuite<Item> {
  readonly task: Task<Item>;
  readonly findings: ReadonlyMap<TaskFindingCode, Finding<TaskFindingCode>>;
  /** Adds a finding; only the first of each code is kept. */
  report(code: TaskFindingCode, message: string): void;
  /** Passes on what becomes known without being a finding. */
  tell(progress: TaskProgress): void;
  /** A verdict; one that could not be made is reported. @throws HungVerifier when its time was up */
  verify(item: Item, completion: string, what: string): Promise<Verdict>;
}

/** An item as a run would use it: what the schema put out, and what the task makes of it. */
export interface Subject<Item> {
  readonly item: Item;
  /** The item's JSON when it came. */
  readonly json: string;
  readonly prompt: readonly Message[];
  /** Everything that the prompt says, tools included. */
  readonly promptText: string;
  readonly gold: string | undefined;
}

/** A verifier that hangs once is not asked again: each time would cost its limit. */
export class HungVerifier extends Error {}

export function createTaskSuite<Item>(
  task: Task<Item>,
  tell: (progress: TaskProgress) => void,
): TaskSuite<Item> {
  const findings = new Map<TaskFindingCode, Finding<TaskFindingCode>>();
  const report = (code: TaskFindingCode, message: string): void => {
    if (findings.has(code)) return;
    const finding = { code, message };
    findings.set(code, finding);
    tell({ kind: "finding", finding });
  };
  return {
    task,
    findings,
    report,
    tell,
    async verify(item, completion, what) {
      const verdict = await verifyWithin(task, item, completion);
      if (verdict.kind !== "invalid") return verdict;
      report("verifier-breaks", `on ${what}: ${verdict.error.message}`);
      if (verdict.error.code === "verifier-timeout") throw new HungVerifier();
      return verdict;
    },
  };
}
