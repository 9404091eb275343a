/** What is learned on a server is what the embedded engine learns from the same weights and seeds. */
import { defineTask, fail, pass, schemaOf } from "@rrr/core";
import { createOnnxEngine } from "@rrr/engine-onnx";
import { createPolicy, type Engine, type Loss, mine, resultOf, train } from "@rrr/trainer";
import { describe, expect, test } from "vitest";
import { startOwnServer } from "../test/own-server.ts";
import { ADAM, POLICY, sampledData } from "../test/steps.ts";
import { createTinkerEngine } from "./index.ts";

const LOSSES: readonly (readonly [name: string, loss: Loss])[] = [
  ["cross-entropy", { kind: "cross-entropy" }],
  ["grpo", { ...POLICY, normalization: { kind: "grpo" } }],
  ["dapo", POLICY],
  ["dr_grpo", { ...POLICY, normalization: { kind: "dr_grpo", sequences: 9, maxTokens: 20 } }],
  ["gspo", { ...POLICY, surrogate: "gspo" }],
  ["cispo", { ...POLICY, surrogate: "cispo" }],
  ["dapo with a KL penalty", { ...POLICY, klCoefficient: 0.1 }],
];

interface Item {
  readonly id: number;
}
const isItem = (value: unknown): value is Item => typeof (value as Item | null)?.id === "number";

/** Passes by chance, so that groups of reflections differ. */
const task = defineTask<Item>({
  name: "chance",
  schema: schemaOf(isItem, "{ id }"),
  *items() {
    for (let id = 0; id < 8; id++) yield { id };
  },
  prompt: ({ id }) => [{ role: "user", content: `say ${id}` }],
  verify: (_, text) => ((text.codePointAt(0) ?? 0) % 2 === 0 ? pass() : fail("odd")),
  reflect: () => "why?",
  limits: { attempt: 4, reflection: 6 },
});

describe.each(["sum", "datum-mean"] as const)("a server that reduces by %s", (reduction) => {
  test.each(LOSSES)("the first step of %s is the embedded engine's", async (_, loss) => {
    const server = await startOwnServer({ reduction });
    const embedded = await createOnnxEngine(server.model, { rows: 8, threads: 1 });
    const remote = await createTinkerEngine(server.settings);
    const data = (await sampledData(embedded, 3)).map((datum) => ({
      ...datum,
      weights: loss.kind === "cross-entropy" ? datum.weights.map(Math.abs) : datum.weights,
    }));
    expect(await sampledData(remote, 3)).toEqual(await sampledData(embedded, 3));
    const step = async (engine: Engine) => {
      const report = await engine.forwardBackward(data, loss);
      return { ...report, ...(await engine.optimStep(ADAM)) };
    };
    const [ours, theirs] = [await step(embedded), await step(remote)];
    for (const [name, value] of Object.entries(ours)) {
      const other = theirs[name as keyof typeof theirs] as number;
      expect(Math.abs(other - value), name).toBeLessThan(1e-6 + 1e-5 * Math.abs(value));
    }
    const [here, there] = [await embedded.forward(data), await remote.forward(data)];
    const apart = here.flatMap((row, i) =>
      Array.from(row, (logprob, t) => Math.abs(logprob - (there[i]?.[t] as number))),
    );
    expect(Math.max(...apart)).toBeLessThan(2e-4);
    await Promise.all([embedded.close(), remote.close()]);
    await server.close();
  });

  test("a training run goes the same way", async () => {
    const server = await startOwnServer({ reduction });
    const embedded = await createOnnxEngine(server.model, { rows: 8, threads: 1 });
    const remote = await createTinkerEngine(server.settings);
    const run = async (engine: Engine) => {
      const items = Array.from({ length: 8 }, (_, id) => ({ id }));
      const mining = mine(task, createPolicy(engine), items, { limit: 4 });
      const failures = await resultOf(mining);
      const settings = { steps: 2, failuresPerStep: 4, groupSize: 4, seed: 2 };
      const steps: { advantages: unknown; gradNorm: number }[] = [];
      for await (const { groups, update } of train(task, engine, failures, settings)) {
        const advantages = groups.map(({ advantages_G }) => advantages_G);
        steps.push({ advantages, gradNorm: update?.gradNorm ?? 0 });
      }
      return steps;
    };
    const [ours, theirs] = [await run(embedded), await run(remote)];
    expect(ours.some(({ gradNorm }) => gradNorm > 0)).toBe(true);
    expect(theirs[0]?.advantages).toEqual(ours[0]?.advantages);
    for (const [i, { gradNorm }] of ours.entries()) {
      expect(Math.abs((theirs[i]?.gradNorm ?? 0) / gradNorm - 1)).toBeLessThan(1e-3);
    }
    await Promise.all([embedded.close(), remote.close()]);
    await server.close();
  });
});
