import { broadcastTo, concat, createGraph, type Graph, gather, slice, type Tensor } from "@rrr/autodiff";

/** `[rows, kvHeads, length, headDim]` */
type Shape = readonly [number, number, number, number];

/**
 * Rows of one cache made from those of another and from new ones: for each name `past`, `new` and what comes of them. `places`
 * says for each row which it is to be, of the past ones and then the new ones.
 * @param shapes of the three; without rows one of the first two is not there
 */
export function arrangeGraph(
  names: readonly string[],
  [past, fresh, next]: readonly [Shape, Shape, Shape],
): Readonly<Record<string, Tensor>> {
  const graph = createGraph();
  const places = graph.input("places", [next[0]], "int32");
  return Object.fromEntries(
    names.map((name) => {
      const parts = [
        ...(past[0] > 0 ? [fitted(graph, graph.input(`past ${name}`, past), next[2])] : []),
        ...(fresh[0] > 0 ? [fitted(graph, graph.input(`new ${name}`, fresh), next[2])] : []),
      ];
      return [name, gather(concat(parts, 0), places)];
    }),
  );
}

/** Cut off, or filled up with zeros, to so many positions. */
function fitted(graph: Graph, x: Tensor, length: number): Tensor {
  const [rows = 0, heads = 0, own = 0, width = 0] = x.shape;
  if (own >= length) return slice(x, 2, 0, length);
  const zeros = broadcastTo(graph.constant(0), [rows, heads, length - own, width]);
  return concat([x, zeros], 2);
}
