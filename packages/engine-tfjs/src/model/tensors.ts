import type { Weights } from "@rrr/trainer";
import type { Runtime } from "../runtime/open-runtime.ts";
import type { Tensor } from "../runtime/tf.ts";

/** The weights on the backend, until they are disposed of. */
export interface ModelTensors {
  /** In the order of the weights. */
  readonly all: readonly Tensor[];
  get(name: string): Tensor;
  /** Of the matrix of a product, the transpose. */
  transposed(name: string): Tensor;
  dispose(): void;
}

/** @param weights copied */
export function createModelTensors(runtime: Runtime, weights: Weights): ModelTensors {
  const { tf } = runtime;
  const put = (): { plain: Record<string, Tensor>; turned: Record<string, Tensor> } => {
    const plain: Record<string, Tensor> = {};
    const turned: Record<string, Tensor> = {};
    for (const [name, { shape, data }] of weights) {
      const tensor = tf.tensor(data.slice(), [...shape], "float32");
      plain[name] = tensor;
      if (shape.length === 2) turned[name] = tf.transpose(tensor);
    }
    return { plain, turned };
  };
  const { plain, turned } = runtime.tidy(put);
  const among = (tensors: Readonly<Record<string, Tensor>>, name: string): Tensor => {
    const tensor = tensors[name];
    if (tensor === undefined) throw new Error(`the model has no weight ${name}`);
    return tensor;
  };
  return {
    all: Object.values(plain),
    get: (name) => among(plain, name),
    transposed: (name) => among(turned, name),
    dispose: () => {
      for (const tensor of [...Object.values(plain), ...Object.values(turned)]) tensor.dispose();
    },
  };
}
