import { type Attributes, addNode, createGraph, type Graph, type Node, nodeOf } from "../graph.ts";
import { needed } from "../onnx/model.ts";
import { add, mul, sub } from "../ops/arithmetic.ts";
import { and, cast, equal, greater, less, not, where } from "../ops/compare.ts";
import { microsoft, node } from "../ops/node.ts";
import { max, mean, sum } from "../ops/reduce.ts";
import { reshape, transpose } from "../ops/shape.ts";
import { exp, log, rsqrt, square } from "../ops/unary.ts";
import { sizeOf } from "../shape.ts";
import type { AnyTensor, Tensor } from "../tensor.ts";

/**
 * The same outputs, of a graph whose nodes onnxruntime's WebGPU provider has. Those that it lacks would be computed on the
 * CPU, and everything between them would be carried there and back. What is rewritten is in the decision
 * `2026-11-30-graphs-on-webgpu`; any other node is taken as it is.
 */
export function lowered(outputs: Readonly<Record<string, AnyTensor>>): Readonly<Record<string, AnyTensor>> {
  const { inputs, constants, nodes } = needed(Object.values(outputs));
  const graph = createGraph();
  const images = new Map<AnyTensor, AnyTensor>();
  const imageOf = (tensor: AnyTensor): AnyTensor => images.get(tensor) as AnyTensor;
  for (const { tensor, name } of inputs) images.set(tensor, graph.input(name, tensor.shape, tensor.dtype));
  for (const { tensor, data } of constants) {
    images.set(tensor, graph.constant(data, tensor.shape, tensor.dtype));
  }
  for (const original of nodes) {
    const results = rewritten(original, imageOf) ?? copied(graph, original, imageOf);
    original.outputs.forEach((output, i) => void images.set(output, results[i] as AnyTensor));
  }
  return Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, imageOf(tensor)]));
}

type ImageOf = (tensor: AnyTensor) => AnyTensor;

function copied(graph: Graph, original: Node, imageOf: ImageOf): readonly AnyTensor[] {
  const inputs = original.inputs.map((input) => input && imageOf(input));
  return addNode(graph, { ...original, inputs }, original.outputs);
}

/** What stands for a node that the provider lacks; undefined for all others. */
function rewritten(original: Node, imageOf: ImageOf): readonly AnyTensor[] | undefined {
  const { type, domain, inputs, attributes } = original;
  const [first, second] = inputs.map((input) => input && imageOf(input));
  const output = original.outputs[0] as AnyTensor;
  if (domain === microsoft && type === "FusedMatMul") return product(first, second, attributes, output);
  if (domain !== "") return undefined;
  switch (type) {
    case "SimplifiedLayerNormalization":
      return rmsNorm(first as Tensor, second as Tensor, original);
    case "Sign":
      return [sub(cast(greater(first as Tensor, 0), "float32"), cast(less(first as Tensor, 0), "float32"))];
    case "LogSoftmax":
      return [logSoftmax(first as Tensor)];
    case "Or":
      return [not(and(not(first as Tensor<"bool">), not(second as Tensor<"bool">)))];
    case "OneHot":
      return [oneHot(first as Tensor<"int32">, output)];
    case "Cast":
      return indexOfLargest(inputs[0] as AnyTensor, attributes, imageOf);
    default:
      return undefined;
  }
}

/** Plain products have no transposes and no factor; those of two matrices have both, in Gemm. */
function product(
  a: AnyTensor | undefined,
  b: AnyTensor | undefined,
  attributes: Attributes,
  output: AnyTensor,
): readonly AnyTensor[] | undefined {
  const { transA = 0, transB = 0, alpha = { float: 1 }, transBatchA = 0, transBatchB = 0 } = attributes;
  if (transBatchA === 1 || transBatchB === 1) return undefined;
  const [x, y] = [a as Tensor, b as Tensor];
  if (x.shape.length === 2 && y.shape.length === 2) {
    return [node("Gemm", [x, y], output, { attributes: { transA, transB, alpha } })];
  }
  const factor = (alpha as { readonly float: number }).float;
  // Whichever has fewer elements takes the factor.
  const early = sizeOf(x.shape) <= sizeOf(output.shape);
  const left = transA === 1 ? flipped(x) : x;
  const right = transB === 1 ? flipped(y) : y;
  const z = node("MatMul", [early ? mul(left, factor) : left, right], output as Tensor);
  return [early ? z : mul(z, factor)];
}

function flipped(x: Tensor): Tensor {
  const axes = [...x.shape.keys()];
  const last = axes.length - 1;
  return transpose(x, [...axes.slice(0, -2), last, last - 1]);
}

/** The provider takes its second output, 1 / √(mean(x²) + ε), for granted and leaves it empty. */
function rmsNorm(x: Tensor, scale: Tensor, { attributes, outputs }: Node): readonly AnyTensor[] {
  const [y, inverse] = outputs as readonly [Tensor, Tensor];
  const { float: epsilon } = attributes.epsilon as { readonly float: number };
  const squares = mean(square(x), { axes: [-1], keepDims: true });
  return [
    node("SimplifiedLayerNormalization", [x, scale], y, { attributes }),
    reshape(rsqrt(add(squares, epsilon)), inverse.shape),
  ];
}

function logSoftmax(x: Tensor): Tensor {
  const kept = { axes: [-1], keepDims: true };
  const shifted = sub(x, max(x, kept));
  return sub(shifted, log(sum(exp(shifted), kept)));
}

function oneHot(ids: Tensor<"int32">, { shape }: AnyTensor): Tensor {
  const length = shape.at(-1) as number;
  const positions = ids.graph.constant(
    Array.from({ length }, (_, i) => i),
    [length],
    ids.dtype,
  );
  return cast(equal(reshape(ids, [...ids.shape, 1]), positions), "float32");
}

/** `argMax` as int32: the provider casts no int64, and has whole numbers up to 2²⁴ in float32. */
function indexOfLargest(
  operand: AnyTensor,
  { to }: Attributes,
  imageOf: ImageOf,
): readonly AnyTensor[] | undefined {
  const argMax = nodeOf(operand, "ArgMax");
  if (argMax === undefined || to !== 6) return undefined;
  const x = imageOf(argMax.inputs[0] as AnyTensor) as Tensor;
  const along = argMax.attributes.axis as number;
  const length = x.shape[along] as number;
  if (x.dtype !== "float32" || length > 2 ** 24) return undefined;
  const positions = x.graph.constant(
    Float32Array.from({ length }, (_, i) => i),
    x.shape.map((_, axis) => (axis === along ? length : 1)),
  );
  // Of those that are the largest, the first.
  const isLargest = equal(x, max(x, { axes: [along], keepDims: true }));
  const candidates = where(isLargest, mul(positions, -1), 1 - length);
  return [cast(mul(max(candidates, { axes: [along] }), -1), "int32")];
}
