import { nodeOf, scalarOf } from "../graph.ts";
import type { DType, Operand, Shape, Tensor } from "../tensor.ts";
import { broadcastTo, operands, reduceTo, uniformOf } from "./broadcast.ts";
import { derive, node } from "./node.ts";

/** a + b, broadcasting. @throws bad-shape, bad-dtype */
export function add<D extends DType>(a: Operand<D>, b: Operand<D>): Tensor<D> {
  const { a: x, b: y, shape } = operands("add", a, b);
  const known = fold(x, y, shape, (p, q) => p + q) ?? unit(x, y, shape, 0) ?? unit(y, x, shape, 0);
  if (known !== undefined) return known;
  const z = node("Add", [x, y], { shape, dtype: x.dtype });
  return derive("add", z, [x, y], [(g) => reduceTo(g, x.shape), (g) => reduceTo(g, y.shape)]);
}

/** a − b, broadcasting. @throws bad-shape, bad-dtype */
export function sub<D extends DType>(a: Operand<D>, b: Operand<D>): Tensor<D> {
  const { a: x, b: y, shape } = operands("sub", a, b);
  const known = fold(x, y, shape, (p, q) => p - q) ?? unit(x, y, shape, 0);
  if (known !== undefined) return known;
  const z = node("Sub", [x, y], { shape, dtype: x.dtype });
  return derive("sub", z, [x, y], [(g) => reduceTo(g, x.shape), (g) => neg(reduceTo(g, y.shape))]);
}

/** a · b element by element, broadcasting. @throws bad-shape, bad-dtype */
export function mul<D extends DType>(a: Operand<D>, b: Operand<D>): Tensor<D> {
  const { a: x, b: y, shape } = operands("mul", a, b);
  const known =
    fold(x, y, shape, (p, q) => p * q) ??
    unit(x, y, shape, 1) ??
    unit(y, x, shape, 1) ??
    rescaled(x, y) ??
    rescaled(y, x);
  if (known !== undefined) return known;
  const z = node("Mul", [x, y], { shape, dtype: x.dtype });
  const [p, q] = [x as Tensor, y as Tensor];
  return derive("mul", z, [x, y], [(g) => reduceTo(mul(g, q), p.shape), (g) => reduceTo(mul(g, p), q.shape)]);
}

/** a / b element by element, broadcasting; of whole numbers, rounded towards zero. @throws bad-shape, bad-dtype */
export function div<D extends DType>(a: Operand<D>, b: Operand<D>): Tensor<D> {
  const { a: x, b: y, shape } = operands("div", a, b);
  const divisor = scalarOf(y);
  if (x.dtype === "float32" && divisor !== undefined) return broadcastTo(mul(x, 1 / divisor), shape);
  const z = node("Div", [x, y], { shape, dtype: x.dtype });
  const [q, ratio] = [y as Tensor, z as Tensor];
  return derive(
    "div",
    z,
    [x, y],
    [(g) => reduceTo(div(g, q), x.shape), (g) => neg(reduceTo(mul(g, div(ratio, q)), q.shape))],
  );
}

/** −x. */
export function neg<D extends DType>(x: Tensor<D>): Tensor<D> {
  return mul(x, -1);
}

/** Both are constant: so is the result. */
function fold<D extends DType>(
  x: Tensor<D>,
  y: Tensor<D>,
  shape: Shape,
  compute: (p: number, q: number) => number,
): Tensor<D> | undefined {
  const [p, q] = [uniformOf(x), uniformOf(y)];
  if (x.dtype !== "float32" || p === undefined || q === undefined) return undefined;
  return broadcastTo(x.graph.constant(compute(p, q), [], x.dtype), shape);
}

/** x ∘ y where y is the operation's unit. */
function unit<D extends DType>(
  x: Tensor<D>,
  y: Tensor<D>,
  shape: Shape,
  value: number,
): Tensor<D> | undefined {
  return uniformOf(y) === value ? broadcastTo(x, shape) : undefined;
}

/** (u · c₁) · c₂ as u · (c₁c₂): one pass over u instead of two. */
function rescaled<D extends DType>(x: Tensor<D>, y: Tensor<D>): Tensor<D> | undefined {
  const factor = y.shape.length === 0 ? scalarOf(y) : undefined;
  const [u, v] = nodeOf(x, "Mul")?.inputs ?? [];
  if (factor === undefined || x.dtype !== "float32" || u === undefined || v === undefined) return undefined;
  const inner = v.shape.length === 0 ? scalarOf(v) : undefined;
  return inner === undefined ? undefined : mul(u as Tensor<D>, inner * factor);
}
