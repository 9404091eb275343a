import { add, createGraph, createSession, gradients, matmul, mean, square, sub, tanh } from "@rrr/autodiff";

// A network of two layers, 1 → 16 → 1. Weights are inputs like the data.
const graph = createGraph();
const x = graph.input("x", [64, 1]);
const y = graph.input("y", [64, 1]);
const w1 = graph.input("w1", [1, 16]);
const b1 = graph.input("b1", [16]);
const w2 = graph.input("w2", [16, 1]);
const loss = mean(square(sub(matmul(tanh(add(matmul(x, w1), b1)), w2), y)));
const [dw1, db1, dw2] = gradients(loss, [w1, b1, w2]);
const session = await createSession({ loss, dw1, db1, dw2 });

// Elements live in plain arrays: every run reads them where they are, and they are updated in place.
const xs = Float32Array.from({ length: 64 }, (_, i) => i / 32 - 1);
const feeds = {
  x: xs,
  y: xs.map((value) => Math.sin(3 * value)),
  w1: Float32Array.from({ length: 16 }, (_, i) => 3 * Math.cos(5 * i)),
  b1: Float32Array.from({ length: 16 }, (_, i) => Math.sin(7 * i)),
  w2: new Float32Array(16),
};
const descend = (weights: Float32Array, slopes: Float32Array): void =>
  weights.set(weights.map((weight, i) => weight - 0.1 * (slopes[i] ?? 0)));

for (let step = 0; step <= 500; step++) {
  const { loss, dw1, db1, dw2 } = await session.run(feeds);
  descend(feeds.w1, dw1);
  descend(feeds.b1, db1);
  descend(feeds.w2, dw2);
  if (step % 100 === 0) console.log(`step ${step}: loss ${loss[0]?.toFixed(4)}`);
}
await session.close();
