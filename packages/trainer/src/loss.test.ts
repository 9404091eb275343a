import { expect, test } from "vitest";
import { microEngine } from "../test/micro-engine.ts";
import { lossOf } from "./loss.ts";
import { claimedLosses, dataFor, lossByDefinition, sampleData } from "./testing/sample-data.ts";

const prompts = [Int32Array.of(5), Int32Array.of(1, 2, 3)];

test("every loss is what its definition gives, and the slopes are its differences", async () => {
  const engine = microEngine();
  const all = await sampleData(engine, prompts);
  for (const loss of claimedLosses(engine)) {
    const data = dataFor(loss, all);
    const logprobs = (await engine.forward(data)).map((row) => Float64Array.from(row));
    const { report, slopes } = lossOf(loss, data, logprobs);
    expect(report.loss).toBeCloseTo(lossByDefinition(loss, data, logprobs), 10);
    const held = logprobs.map((row) => row.slice());
    for (const [i, row] of logprobs.entries()) {
      for (const [t, value] of row.entries()) {
        const lossAt = (by: number) => {
          row[t] = value + by;
          return lossByDefinition(loss, data, logprobs, held);
        };
        const difference = (lossAt(1e-6) - lossAt(-1e-6)) / 2e-6;
        row[t] = value;
        expect(slopes[i]?.[t]).toBeCloseTo(difference, 6);
      }
    }
  }
});

test("without data or weights there is neither loss nor slope", () => {
  const loss = { kind: "cross-entropy" } as const;
  expect(lossOf(loss, [], []).report).toMatchObject({ loss: 0, tokens: 0, kl: 0, entropyEstimate: 0 });
  const datum = { prompt: Int32Array.of(1), targets: Int32Array.of(2), weights: Float32Array.of(0) };
  const { report, slopes } = lossOf(loss, [datum], [Float32Array.of(-1)]);
  expect([Math.abs(report.loss), slopes]).toEqual([0, [Float64Array.of(-0)]]);
});
