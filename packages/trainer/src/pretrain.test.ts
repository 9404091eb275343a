import { expect, test } from "vitest";
import { microEngine } from "../test/micro-engine.ts";
import type { Datum } from "./engine.ts";
import { drain } from "./fixtures/toy-task.ts";
import { pretrain } from "./pretrain.ts";

test("learns to say what it is told, the same way each time", async () => {
  const run = async () => {
    const engine = await microEngine();
    const { tokenizer } = engine;
    const data = Array.from({ length: 10 }, (_, digit): Datum => {
      const prompt = tokenizer.encodeChat([{ role: "user", content: `say ${digit}` }]);
      const targets = Int32Array.of(...tokenizer.encode(String(digit)), 2);
      return { prompt, targets, weights: Float32Array.of(1, 1) };
    });
    const settings = { steps: 300, schedule: { learningRate: 5e-2, warmup: 0.05, decay: "linear" } } as const;
    const { yielded } = await drain(pretrain(engine, () => data, settings));
    const answers = await Promise.all(
      data.map(({ prompt }) => engine.sample(prompt, { n: 1, maxTokens: 4, temperature: 0, seed: 0 })),
    );
    return {
      reports: yielded.map(({ seconds: _, ...report }) => report),
      answers: answers.map(([answer]) => tokenizer.decode(answer?.tokens ?? new Int32Array())),
      hash: await engine.weightsVersion(),
    };
  };
  const { reports, answers, hash } = await run();
  expect(answers).toEqual(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
  expect(reports.length).toBe(300);
  expect(reports[0]).toMatchObject({ step: 1, steps: 300, tokens: 20 });
  // Half the targets are digits, half the end of the turn: untrained, all of 48 tokens are about as likely.
  expect(reports[0]?.loss).toBeGreaterThan(3);
  expect(reports[299]?.loss).toBeLessThan(0.05);
  expect(await run()).toEqual({ reports, answers, hash });
});

test("asks for the batches of the steps that are left, and ends when it is aborted", async () => {
  const engine = await microEngine();
  const asked: number[] = [];
  const controller = new AbortController();
  const batch: Datum[] = [
    { prompt: Int32Array.of(1), targets: Int32Array.of(9), weights: Float32Array.of(1) },
  ];
  const nextBatch = (step: number) => {
    asked.push(step);
    if (step === 5) controller.abort();
    return batch;
  };
  const run = drain(pretrain(engine, nextBatch, { firstStep: 3, steps: 9, signal: controller.signal }));
  await expect(run).rejects.toMatchObject({ code: "aborted" });
  expect(asked).toEqual([3, 4, 5]);
});
