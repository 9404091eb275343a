import { toData } from "./data.ts";
import { AutodiffError } from "./errors.ts";
import { checkShape, show } from "./shape.ts";
import type { AnyTensor, DType, Shape, Tensor, TensorData } from "./tensor.ts";

/** Value of a node's attribute: a number is an ONNX int (it must be whole), `{ float }` an ONNX float. */
export type Attribute = number | string | readonly number[] | { readonly float: number };
export type Attributes = Readonly<Record<string, Attribute>>;

/** What an output of a node will be. */
export interface OutputType {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** A graph under construction. Operations are functions of its tensors; nothing is computed until a session runs. */
export interface Graph {
  /** An array that is fed on every run: data, labels, weights. @throws bad-argument on a name given twice */
  input<D extends DType = "float32">(name: string, shape: Shape, dtype?: D): Tensor<D>;
  /** Elements fixed in the graph; the shape of a plain number is `[]`, of an array `[length]`. */
  constant<D extends DType = "float32">(
    data: number | readonly number[] | TensorData<D>,
    shape?: Shape,
    dtype?: D,
  ): Tensor<D>;
  /**
   * Any ONNX node, with its outputs as the caller declares them; it has no gradient.
   * `undefined` leaves an optional input out.
   * @see https://onnx.ai/onnx/operators
   */
  op(
    type: string,
    inputs: readonly (AnyTensor | undefined)[],
    outputs: readonly OutputType[],
    options?: { readonly domain?: string; readonly attributes?: Attributes },
  ): AnyTensor[];
}

/** One node of the emitted model. */
export interface Node {
  readonly type: string;
  readonly domain: string;
  readonly inputs: readonly (AnyTensor | undefined)[];
  readonly outputs: readonly AnyTensor[];
  readonly attributes: Attributes;
}

/** Where a tensor's elements come from. */
export type Source =
  | { readonly kind: "input"; readonly name: string }
  | { readonly kind: "constant"; readonly data: TensorData }
  | { readonly kind: "node"; readonly node: Node };

interface GraphState {
  count: number;
  readonly names: Set<string>;
  /** Nodes and small constants by content: the same expression written twice is computed once. */
  readonly known: Map<string, readonly AnyTensor[]>;
}

const states = new WeakMap<Graph, GraphState>();
const sources = new WeakMap<AnyTensor, Source>();

/** Starts an empty graph. */
export function createGraph(): Graph {
  const graph: Graph = {
    input: (name, shape, dtype) =>
      addInput(graph, name, shape, dtype ?? ("float32" as NonNullable<typeof dtype>)),
    constant: (data, shape, dtype) =>
      addConstant(
        graph,
        data,
        shape ?? (typeof data === "number" ? [] : [data.length]),
        dtype ?? ("float32" as NonNullable<typeof dtype>),
      ),
    op: (type, inputs, outputs, { domain = "", attributes = {} } = {}) =>
      addNode(graph, { type, domain, inputs, attributes }, outputs),
  };
  states.set(graph, { count: 0, names: new Set(), known: new Map() });
  return graph;
}

/** Where a tensor comes from. */
export function sourceOf(tensor: AnyTensor): Source {
  return sources.get(tensor) as Source;
}

/** Names of all inputs declared so far. */
export function inputNames(graph: Graph): ReadonlySet<string> {
  return stateOf(graph).names;
}

/** The node that a tensor is an output of, if it is of the given type. */
export function nodeOf(tensor: AnyTensor, type?: string): Node | undefined {
  const source = sourceOf(tensor);
  return source.kind === "node" && (type === undefined || source.node.type === type)
    ? source.node
    : undefined;
}

/** The number that a tensor of one element holds, if it is a constant. */
export function scalarOf(tensor: AnyTensor): number | undefined {
  const source = sourceOf(tensor);
  return source.kind === "constant" && source.data.length === 1 ? Number(source.data[0]) : undefined;
}

/** Adds a node, or finds the same one. @throws bad-argument when a tensor is of another graph */
export function addNode(
  graph: Graph,
  spec: Omit<Node, "outputs">,
  types: readonly OutputType[],
): AnyTensor[] {
  for (const input of spec.inputs) {
    if (input !== undefined && input.graph !== graph) {
      throw new AutodiffError(
        "bad-argument",
        `${spec.type}: the operand ${show(input)} belongs to another graph`,
      );
    }
  }
  for (const type of types) checkShape(spec.type, type.shape);
  const state = stateOf(graph);
  const ids = spec.inputs.map((input) => input?.id ?? "").join();
  const key = `${spec.domain}.${spec.type}(${ids})${JSON.stringify(spec.attributes)}${JSON.stringify(types)}`;
  const known = state.known.get(key);
  if (known !== undefined) return [...known];
  const outputs = types.map((type) => newTensor(graph, type));
  const node: Node = { ...spec, outputs };
  for (const output of outputs) sources.set(output, { kind: "node", node });
  state.known.set(key, outputs);
  return outputs;
}

function addInput<D extends DType>(graph: Graph, name: string, shape: Shape, dtype: D): Tensor<D> {
  const state = stateOf(graph);
  checkShape(`input "${name}"`, shape);
  if (state.names.has(name))
    throw new AutodiffError("bad-argument", `input: the graph has an input "${name}" already`);
  state.names.add(name);
  const tensor = newTensor(graph, { shape, dtype });
  sources.set(tensor, { kind: "input", name });
  return tensor as Tensor<D>;
}

/** Constants up to this length are compared by content; longer ones are rarely equal and slow to compare. */
const comparedLength = 64;

function addConstant<D extends DType>(
  graph: Graph,
  given: number | readonly number[] | TensorData,
  shape: Shape,
  dtype: D,
): Tensor<D> {
  checkShape("constant", shape);
  const data = toData(given, shape, dtype);
  const state = stateOf(graph);
  const key = data.length <= comparedLength ? `${show({ shape, dtype })}{${data.join()}}` : undefined;
  const known = key === undefined ? undefined : state.known.get(key);
  if (known?.[0] !== undefined) return known[0] as Tensor<D>;
  const tensor = newTensor(graph, { shape, dtype });
  sources.set(tensor, { kind: "constant", data });
  if (key !== undefined) state.known.set(key, [tensor]);
  return tensor as Tensor<D>;
}

function newTensor(graph: Graph, type: OutputType): AnyTensor {
  return Object.freeze({ graph, id: stateOf(graph).count++, shape: [...type.shape], dtype: type.dtype });
}

function stateOf(graph: Graph): GraphState {
  return states.get(graph) as GraphState;
}
