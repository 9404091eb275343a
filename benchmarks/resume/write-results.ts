import { setImmediate as turn } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { itemsOf, type Task, take } from "@rrr/core";
import { scriptedModel } from "@rrr/core/testing";
import { evaluate } from "@rrr/trainer";
import { reopenRunStore } from "../../packages/runs/src/store/run-store.ts";

/** What writing a run took. */
export interface Writing {
  readonly seconds: number;
  /** Resident memory after each tenth of the results, once garbage was collected. */
  readonly residentMB: readonly number[];
  /** From the second tenth, when everything is compiled and open, to the last. */
  readonly growthMB: number;
}

export interface WritingSettings {
  /** Problems to finish, and those to leave undone. */
  readonly problems: number;
  readonly left: number;
  readonly controls: boolean;
}

/** Does most of a run's evaluation, with a model that answers at once, through the run's own store. */
export async function writeResults(
  folder: string,
  plugin: string,
  { problems, left, controls }: WritingSettings,
): Promise<Writing> {
  const { default: task } = (await import(pathToFileURL(plugin).href)) as { readonly default: Task };
  const items = await take(itemsOf(task, "test", 0), problems + left);
  const model = scriptedModel(({ options: { seed } }) => ({
    text: `Because of ${seed}: ${"step by step ".repeat(8)}${"x".repeat(seed % 7)}`,
    finish: "stop",
    usage: { prompt: 60, completion: 40 },
  }));
  const store = reopenRunStore(folder);
  const record = store.record("evaluate");
  const units = controls ? 2 * problems + left : problems;
  const residentMB: number[] = [];
  const started = performance.now();
  let written = 0;
  for await (const _ of evaluate(task, model, items, { record, controls, greedy: false, concurrency: 64 })) {
    written++;
    // As a model does that is asked over a network: the driver frees a query's rows in a turn of the event loop only.
    if (written % 64 === 0) await turn();
    if (written % Math.ceil(units / 10) === 0) residentMB.push(residentNow());
    if (written >= units) break;
  }
  store.end("stopped");
  store.close();
  const seconds = (performance.now() - started) / 1000;
  return { seconds, residentMB, growthMB: (residentMB.at(-1) ?? 0) - (residentMB[1] ?? 0) };
}

function residentNow(): number {
  globalThis.gc?.();
  return process.memoryUsage().rss / 2 ** 20;
}
