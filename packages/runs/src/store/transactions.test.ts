/** Each transaction is a sync of the disk: a model that answers at once would wait for little else. */
import { setTimeout as after } from "node:timers/promises";
import { defineTask, fail, type Model, pass, schemaOf } from "@rrr/core";
import { scriptedModel } from "@rrr/core/testing";
import Database from "libsql";
import { afterEach, expect, test, vi } from "vitest";
import { project } from "../../../plugins/test/plugin-files.ts";
import { runHeader } from "../../test/run-header.ts";
import { createRun } from "../flow/run.ts";
import type { RunContext } from "../flow/run-context.ts";
import { evaluationFlow } from "../flow/run-flow.ts";
import { createRunStore } from "./run-store.ts";

const PROBLEMS = 1_500;
const MOST = 50;

const task = defineTask<number>({
  name: "right",
  schema: schemaOf((value): value is number => typeof value === "number", "a number"),
  items: () => [],
  prompt: (item) => [{ role: "user", content: `Question ${item}?` }],
  reflect: () => "That was wrong. Why?",
  verify: (_, completion) => (completion === "right" ? pass() : fail("no")),
});
const says = (isRight: (seed: number) => boolean): Model =>
  scriptedModel(({ options: { seed } }) => ({
    text: isRight(seed) ? "right" : "wrong",
    finish: "stop",
    usage: { prompt: 1, completion: 1 },
  }));

/** As servers do: a few answers with each turn of the event loop. */
const atOnce = (model: Model): Model => ({
  id: model.id,
  async generate(...asked) {
    await after(1);
    return model.generate(...asked);
  },
});

const NO_SPENDING = { requests: 0, promptTokens: 0, completionTokens: 0, estimated: 0 };

/** Evaluates with controls, from the run's first transaction to its last. @returns how many there were */
async function transactionsOf(model: Model): Promise<number> {
  const exec = vi.spyOn(Database.prototype, "exec");
  const header = runHeader("right", { kind: "evaluate", problems: PROBLEMS });
  const { spec } = header;
  const folder = project({});
  const store = createRunStore(folder, header);
  const controller = new AbortController();
  const { signal } = controller;
  const heldOut = {
    items: [...Array(PROBLEMS).keys()],
    itemsHash: "",
    promptsHash: "",
    promptBytes: 0,
    notes: [],
  };
  const counted = { counting: model, sampledTokens: () => 0 };
  const context = { spec, task, heldOut, model: counted, store, folder, signal } as RunContext;
  const flow = evaluationFlow(context, () => ({
    ...{ kind: "spent", ...NO_SPENDING, costUsd: undefined, cached: undefined },
  }));
  const run = createRun({ folder, spec, task: task.name, store, controller, flow, close: async () => {} });
  const { before } = await run.result();
  expect(before.problems).toBe(PROBLEMS);
  expect(before.rates.matched?.of).toBe(PROBLEMS);
  return exec.mock.calls.filter(([sql]) => sql.startsWith("BEGIN IMMEDIATE")).length;
}

afterEach(() => vi.restoreAllMocks());

test.each([
  ["fails half of the time", says((seed) => seed % 2 === 0)],
  ["always fails", says(() => false)],
  ["always fails, some answers at a time", atOnce(says(() => false))],
])("1,500 problems with controls are few transactions: a model that %s", async (_, model) => {
  expect(await transactionsOf(model)).toBeLessThanOrEqual(MOST);
});
