import { expect, test } from "vitest";
import {
  add,
  createGraph,
  createSession,
  gradients,
  logSoftmax,
  matmul,
  mean,
  neg,
  pick,
  square,
  sub,
  type Tensor,
  tanh,
} from "../src/index.ts";
import { numbers } from "./check-gradients.ts";

/** Gradient descent in place; the arrays that are fed are the weights. */
async function descend(
  loss: Tensor,
  weights: Readonly<Record<string, Tensor>>,
  values: Readonly<Record<string, Float32Array>>,
  data: Readonly<Record<string, Float32Array | Int32Array>>,
  rate: number,
  steps: number,
): Promise<number[]> {
  const names = Object.keys(weights);
  const found = gradients(loss, Object.values(weights));
  const outputs: Record<string, Tensor> = { loss };
  for (const [i, name] of names.entries()) outputs[`d.${name}`] = found[i] as Tensor;
  const session = await createSession(outputs, { threads: 1 });
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    const results = await session.run({ ...values, ...data });
    losses.push((results.loss as Float32Array)[0] as number);
    for (const name of names) {
      const gradient = results[`d.${name}`] as Float32Array;
      const weight = values[name] as Float32Array;
      for (const i of weight.keys()) weight[i] = (weight[i] as number) - rate * (gradient[i] as number);
    }
  }
  await session.close();
  return losses;
}

test("a network of two layers fits a sine", async () => {
  const graph = createGraph();
  const x = graph.input("x", [64, 1]);
  const y = graph.input("y", [64, 1]);
  const weights = {
    w1: graph.input("w1", [1, 16]),
    b1: graph.input("b1", [16]),
    w2: graph.input("w2", [16, 1]),
  };
  const loss = mean(square(sub(matmul(tanh(add(matmul(x, weights.w1), weights.b1)), weights.w2), y)));
  const xs = Float32Array.from({ length: 64 }, (_, i) => i / 32 - 1);
  const values = { w1: numbers(16, 1).map((v) => 3 * v), b1: numbers(16, 2), w2: numbers(16, 3) };
  const losses = await descend(loss, weights, values, { x: xs, y: xs.map((v) => Math.sin(3 * v)) }, 0.1, 400);
  expect(losses.at(-1)).toBeLessThan(0.02);
  expect(losses[0]).toBeGreaterThan(0.2);
});

test("a classifier learns exclusive or", async () => {
  const graph = createGraph();
  const x = graph.input("x", [4, 2]);
  const labels = graph.input("labels", [4], "int32");
  const weights = {
    w1: graph.input("w1", [2, 8]),
    b1: graph.input("b1", [8]),
    w2: graph.input("w2", [8, 2]),
  };
  const logits = matmul(tanh(add(matmul(x, weights.w1), weights.b1)), weights.w2);
  const loss = neg(mean(pick(logSoftmax(logits), labels)));
  const values = { w1: numbers(16, 4), b1: numbers(8, 5), w2: numbers(16, 6) };
  const data = { x: new Float32Array([0, 0, 0, 1, 1, 0, 1, 1]), labels: new Int32Array([0, 1, 1, 0]) };
  const losses = await descend(loss, weights, values, data, 1, 300);
  expect(losses.at(-1)).toBeLessThan(0.02);
});
