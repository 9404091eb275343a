import { assertTask } from "../check-task.ts";
import { messageOf } from "../errors.ts";
import { show } from "../show.ts";
import type { Task } from "../task.ts";
import { checkCopies } from "./check-copies.ts";
import { checkGolds } from "./check-golds.ts";
import { checkItems } from "./check-items.ts";
import { checkOutputs } from "./check-outputs.ts";
import { checkRequests } from "./check-requests.ts";
import { checkShown } from "./check-shown.ts";
import { checkSplits } from "./check-splits.ts";
import { type Finding, throwFindings } from "./finding.ts";
import type { TaskFindingCode, TaskProgress } from "./task-finding.ts";
import { createTaskSuite, HungVerifier, type Subject, type TaskSuite } from "./task-suite.ts";

export interface TestTaskSettings {
  /** Default 0. */
  readonly seed?: number;
  /** Items looked at per split. Default 100. */
  readonly count?: number;
  /** Told of everything as it goes on: for reports, and to know where a task hung. */
  readonly onProgress?: (progress: TaskProgress) => void;
}

/**
 * The conformance suite of the plugin contract, for any test runner: `expect(await testTask(task)).toEqual([])`.
 * @returns what is wrong, at most one finding per code; empty for a sound task.
 */
export async function testTask<Item>(
  task: Task<Item>,
  settings: TestTaskSettings = {},
): Promise<readonly Finding<TaskFindingCode>[]> {
  const { seed = 0, count = 100, onProgress = () => {} } = settings;
  const suite = createTaskSuite(task, onProgress);
  try {
    assertTask(task);
    await checkAll(suite, seed, count);
  } catch (thrown) {
    if (!(thrown instanceof HungVerifier)) suite.report("broken", messageOf(thrown));
  }
  return [...suite.findings.values()];
}

/** `testTask` as one error, for runners where a test fails by throwing. @throws RrrError `bad-task` */
export async function assertTaskConforms<Item>(task: Task<Item>, settings?: TestTaskSettings): Promise<void> {
  throwFindings(`task "${task.name}"`, "bad-task", await testTask(task, settings));
}

async function checkAll<Item>(suite: TaskSuite<Item>, seed: number, count: number): Promise<void> {
  const { train, test } = await checkSplits(suite, seed, count);
  const subjects = await checkItems(suite, [...test, ...train]);
  await checkGolds(suite, subjects);
  await checkOutputs(suite, subjects.slice(0, 20));
  await checkCopies(suite, subjects.slice(0, 20));
  await checkShown(suite, subjects.slice(0, 20));
  await checkRequests(suite, subjects.slice(0, 20));
  checkUnchanged(suite, subjects);
}

function checkUnchanged<Item>({ tell, report }: TaskSuite<Item>, subjects: readonly Subject<Item>[]): void {
  tell({ kind: "checking", codes: ["item-changed"], what: `${subjects.length} items` });
  const changed = subjects.find(({ item, json }) => JSON.stringify(item) !== json);
  if (changed === undefined) return;
  const now = show(changed.item);
  report("item-changed", `prompt(), verify(), gold() or reflect() made ${now} of ${changed.json}`);
}
