// @rrr/autodiff alone: fit sin(x) on [-3, 3] with one hidden layer, by gradient descent. 49 weights in one array.
import * as ad from "@rrr/autodiff";
import { createRandom } from "@rrr/core";

const graph = ad.createGraph();
const x = graph.input("x", [64, 1]);
const y = graph.input("y", [64, 1]);
const w = graph.input("w", [49]);
const part = (start: number, end: number, shape: readonly number[]) =>
  ad.reshape(ad.slice(w, 0, start, end), shape);
const hidden = ad.tanh(ad.add(ad.matmul(x, part(0, 16, [1, 16])), part(16, 32, [16])));
const fitted = ad.add(ad.matmul(hidden, part(32, 48, [16, 1])), part(48, 49, [1]));
const loss = ad.mean(ad.square(ad.sub(fitted, y)));
const [dw] = ad.gradients(loss, [w]) as [ad.Tensor];

const session = await ad.createSession({ loss, dw }, { threads: 1 });
const random = createRandom(0);
const weights = Float32Array.from({ length: 49 }, () => random.next() - 0.5);
const inputs = Float32Array.from({ length: 64 }, (_, i) => -3 + (6 * i) / 63);
for (let step = 0; step <= 4000; step++) {
  const results = await session.run({ x: inputs, y: inputs.map(Math.sin), w: weights });
  if (step % 1000 === 0) console.log(`step ${step}: loss ${results.loss[0]?.toFixed(5)}`);
  for (const [i, derivative] of results.dw.entries()) weights[i] = (weights[i] ?? 0) - 0.05 * derivative;
}
await session.close();
