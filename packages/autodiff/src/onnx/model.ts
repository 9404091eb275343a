import { AutodiffError } from "../errors.ts";
import { type Attribute, type Node, sourceOf } from "../graph.ts";
import type { AnyTensor, DType, TensorData } from "../tensor.ts";
import { ProtobufWriter } from "./protobuf.ts";

/** Opset 23 is the first with Attention and RMSNormalization; IR 10 is the oldest that may carry it. */
const opset = 23;
const irVersion = 10;
const elementType: Readonly<Record<DType, number>> = { float32: 1, int32: 6, int64: 7, bool: 9 };

export interface OnnxOptions {
  /**
   * Names for axes whose length the file leaves open, by input or output; `undefined` keeps the length of an axis.
   * Whether the nodes between hold for every length is for the caller to see to: `reshape`, for one, does not.
   */
  readonly openAxes?: Readonly<Record<string, readonly (string | undefined)[]>>;
}

/**
 * The model file that computes the named outputs: exactly the nodes that they need, in order.
 * Field numbers are those of the ONNX schema.
 * @throws bad-argument when an output has the name of an input, or outputs are of several graphs
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
export function toOnnx(
  outputs: Readonly<Record<string, AnyTensor>>,
  { openAxes = {} }: OnnxOptions = {},
): Uint8Array {
  const { inputs, constants, nodes } = needed(Object.values(outputs));
  const names = new Map<AnyTensor, string>();
  const inputNames = new Set<string>();
  for (const { tensor, name } of inputs) {
    names.set(tensor, name);
    inputNames.add(name);
  }
  const graph = new ProtobufWriter();
  const isComputed = (tensor: AnyTensor): boolean => sourceOf(tensor).kind === "node";
  for (const [name, tensor] of Object.entries(outputs)) {
    if (inputNames.has(name))
      throw new AutodiffError("bad-argument", `output "${name}" has the name of an input`);
    if (isComputed(tensor) && !names.has(tensor)) names.set(tensor, name);
  }
  const nameOf = (tensor: AnyTensor | undefined): string =>
    tensor === undefined ? "" : (names.get(tensor) ?? `%${tensor.id}`);
  for (const node of nodes) graph.bytes(1, encodeNode(node, nameOf));
  for (const [name, tensor] of Object.entries(outputs)) {
    // An input, a constant or a tensor that is an output already: it takes a node to give it this name too.
    if (nameOf(tensor) !== name) graph.bytes(1, encodeIdentity(nameOf(tensor), name));
  }
  graph.bytes(2, "graph");
  for (const { tensor, data } of constants) graph.bytes(5, encodeConstant(tensor, data, nameOf(tensor)));
  for (const { tensor, name } of inputs) graph.bytes(11, encodeValue(tensor, name, openAxes[name]));
  for (const [name, tensor] of Object.entries(outputs)) {
    graph.bytes(12, encodeValue(tensor, name, openAxes[name]));
  }
  return new ProtobufWriter()
    .int(1, irVersion)
    .bytes(2, "@rrr/autodiff")
    .bytes(7, graph)
    .bytes(8, new ProtobufWriter().bytes(1, "").int(2, opset))
    .bytes(8, new ProtobufWriter().bytes(1, "com.microsoft").int(2, 1))
    .finish();
}

/** What a set of outputs needs. */
export interface Needed {
  readonly inputs: readonly { readonly tensor: AnyTensor; readonly name: string }[];
  readonly constants: readonly { readonly tensor: AnyTensor; readonly data: TensorData }[];
  readonly nodes: readonly Node[];
}

/** Inputs, constants and nodes that the outputs depend on, each in order of creation, so that nodes follow what they use. */
export function needed(outputs: readonly AnyTensor[]): Needed {
  const seen = new Set<AnyTensor>();
  const stack = [...outputs];
  for (let tensor = stack.pop(); tensor !== undefined; tensor = stack.pop()) {
    if (seen.has(tensor)) continue;
    if (tensor.graph !== outputs[0]?.graph) {
      throw new AutodiffError("bad-argument", "the outputs belong to several graphs");
    }
    seen.add(tensor);
    const source = sourceOf(tensor);
    if (source.kind === "node")
      for (const input of source.node.inputs) if (input !== undefined) stack.push(input);
  }
  const inputs: { tensor: AnyTensor; name: string }[] = [];
  const constants: { tensor: AnyTensor; data: TensorData }[] = [];
  const nodes = new Set<Node>();
  for (const tensor of [...seen].sort((a, b) => a.id - b.id)) {
    const source = sourceOf(tensor);
    if (source.kind === "input") inputs.push({ tensor, name: source.name });
    else if (source.kind === "constant") constants.push({ tensor, data: source.data });
    else nodes.add(source.node);
  }
  return { inputs, constants, nodes: [...nodes] };
}

function encodeNode(node: Node, nameOf: (tensor: AnyTensor | undefined) => string): ProtobufWriter {
  const out = new ProtobufWriter();
  for (const input of node.inputs) out.bytes(1, nameOf(input));
  for (const output of node.outputs) out.bytes(2, nameOf(output));
  out.bytes(3, `${node.type}${node.outputs[0]?.id ?? ""}`).bytes(4, node.type);
  for (const [name, value] of Object.entries(node.attributes)) out.bytes(5, encodeAttribute(name, value));
  return out.bytes(7, node.domain);
}

function encodeIdentity(from: string, to: string): ProtobufWriter {
  return new ProtobufWriter().bytes(1, from).bytes(2, to).bytes(4, "Identity");
}

function encodeAttribute(name: string, value: Attribute): ProtobufWriter {
  const out = new ProtobufWriter().bytes(1, name);
  if (typeof value === "string") return out.bytes(4, value).int(20, 3);
  if (typeof value === "number") return out.int(3, value).int(20, 2);
  if ("float" in value) return out.float(2, value.float).int(20, 1);
  for (const item of value) out.int(8, item);
  return out.int(20, 7);
}

function encodeConstant(tensor: AnyTensor, data: TensorData, name: string): ProtobufWriter {
  const out = new ProtobufWriter();
  for (const length of tensor.shape) out.int(1, length);
  out.int(2, elementType[tensor.dtype]).bytes(8, name);
  return out.bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

function encodeValue(
  tensor: AnyTensor,
  name: string,
  open: readonly (string | undefined)[] = [],
): ProtobufWriter {
  const shape = new ProtobufWriter();
  tensor.shape.forEach((length, axis) => {
    const label = open[axis];
    const dimension = new ProtobufWriter();
    shape.bytes(1, label === undefined ? dimension.int(1, length) : dimension.bytes(2, label));
  });
  const type = new ProtobufWriter().int(1, elementType[tensor.dtype]).bytes(2, shape);
  return new ProtobufWriter().bytes(1, name).bytes(2, new ProtobufWriter().bytes(1, type));
}
