import { type Derivation, derivationOf } from "./derivation.ts";
import { AutodiffError } from "./errors.ts";
import { nodeOf } from "./graph.ts";
import { add } from "./ops/arithmetic.ts";
import { broadcastTo } from "./ops/broadcast.ts";
import { sameShape, show, sizeOf } from "./shape.ts";
import type { AnyTensor, Tensor } from "./tensor.ts";

/**
 * Appends the backward graph of a scalar loss.
 * @returns ∂loss/∂w for each w of `wrt`, of its shape; zeros where the loss does not depend on it.
 * @throws not-differentiable when the loss depends on a w through an operation without a gradient
 */
export function gradients<const Wanted extends readonly Tensor[]>(
  loss: Tensor,
  wrt: Wanted,
): { -readonly [Index in keyof Wanted]: Tensor } {
  if (sizeOf(loss.shape) !== 1) {
    throw new AutodiffError("bad-shape", `gradients: the loss is ${show(loss)}, not a scalar`);
  }
  const path = dependents(loss, new Set<AnyTensor>(wrt));
  const found = new Map<AnyTensor, Tensor[]>();
  const total = (tensor: AnyTensor): Tensor | undefined => {
    const terms = found.get(tensor);
    return terms?.reduce((sum, term) => add(sum, term));
  };
  const give = (tensor: Tensor, gradient: Tensor, from: string): void => {
    if (!sameShape(tensor.shape, gradient.shape)) {
      throw new AutodiffError(
        "bad-shape",
        `${from}: the gradient of ${show(tensor)} came out as ${show(gradient)}`,
      );
    }
    const terms = found.get(tensor);
    if (terms === undefined) found.set(tensor, [gradient]);
    else terms.push(gradient);
  };
  if (path.has(loss)) give(loss, loss.graph.constant(1, loss.shape), "gradients");

  // Ids grow from operands to results: from the last to the first, every gradient is complete when it is used.
  const done = new Set<Derivation>();
  for (const tensor of [...path].sort((a, b) => b.id - a.id)) {
    const derivation = derivationOf(tensor);
    if (derivation === undefined || done.has(derivation) || !found.has(tensor)) continue;
    done.add(derivation);
    const outer = derivation.outputs.map((output) => total(output) ?? zerosLike(output));
    derivation.operands.forEach((operand, index) => {
      const pullback = derivation.pullbacks[index];
      if (pullback !== undefined && path.has(operand))
        give(operand as Tensor, pullback(...outer), derivation.op);
    });
  }
  return wrt.map((tensor) => total(tensor) ?? zerosLike(tensor)) as {
    -readonly [Index in keyof Wanted]: Tensor;
  };
}

/** Tensors that the loss depends on and that depend on a wanted tensor: only these need a gradient. */
function dependents(loss: Tensor, wanted: ReadonlySet<AnyTensor>): Set<AnyTensor> {
  const reached = new Set<AnyTensor>([loss]);
  for (const tensor of reached) for (const operand of operandsOf(tensor)) reached.add(operand);
  const path = new Set<AnyTensor>();
  for (const tensor of [...reached].sort((a, b) => a.id - b.id)) {
    if (wanted.has(tensor)) path.add(tensor);
    else if (operandsOf(tensor).some((operand) => path.has(operand))) {
      if (derivationOf(tensor) === undefined) {
        const op = nodeOf(tensor)?.type ?? "a tensor";
        throw new AutodiffError("not-differentiable", `gradients: ${op} → ${show(tensor)} has no gradient`, {
          hint: "put stopGradient around it, or declare its gradient with differentiable()",
        });
      }
      path.add(tensor);
    }
  }
  return path;
}

/** What a gradient can flow to. Whole numbers and truth values are constant almost everywhere. */
function operandsOf(tensor: AnyTensor): readonly AnyTensor[] {
  const derivation = derivationOf(tensor);
  if (derivation !== undefined) return derivation.operands.filter((_, index) => derivation.pullbacks[index]);
  if (tensor.dtype !== "float32") return [];
  return (nodeOf(tensor)?.inputs ?? []).filter((input) => input !== undefined);
}

function zerosLike(tensor: AnyTensor): Tensor {
  return broadcastTo(tensor.graph.constant(0), tensor.shape);
}
