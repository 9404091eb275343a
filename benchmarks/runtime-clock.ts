import { InferenceSession } from "onnxruntime-node";

let total = 0;

/** Milliseconds that this process has spent inside onnxruntime since this module was loaded. */
export function timeInRuntime(): number {
  return total;
}

interface Runnable {
  run(...given: readonly unknown[]): Promise<unknown>;
}

const prototype = (InferenceSession as unknown as { readonly prototype: Runnable }).prototype;
const { run } = prototype;

prototype.run = async function (this: Runnable, ...given: readonly unknown[]): Promise<unknown> {
  const start = performance.now();
  try {
    return await run.apply(this, [...given]);
  } finally {
    total += performance.now() - start;
  }
};
