import type { AnyTensor, Tensor } from "./tensor.ts";

/** From ∂loss/∂output of each output, in order, to ∂loss/∂operand. */
export type Pullback = (...gradients: readonly Tensor[]) => Tensor;

/** How a gradient gets from results to operands. An operand without a pullback gets none. */
export interface Derivation {
  readonly op: string;
  readonly outputs: readonly Tensor[];
  readonly operands: readonly AnyTensor[];
  readonly pullbacks: readonly (Pullback | undefined)[];
}

const derivations = new WeakMap<AnyTensor, Derivation>();

/**
 * Declares how `outputs` depend on `operands`, in place of what is known of the operations between them.
 * Gives a gradient to `Graph.op`, or a cheaper one to a composition than its parts would have.
 * @param op name for messages
 * @param pullbacks one per operand, `undefined` for none; each is called only if its gradient is needed
 * @returns the outputs
 */
export function differentiable<Outputs extends readonly Tensor[]>(
  op: string,
  outputs: Outputs,
  operands: readonly AnyTensor[],
  pullbacks: readonly (Pullback | undefined)[],
): Outputs {
  const derivation: Derivation = { op, outputs, operands, pullbacks };
  for (const output of outputs) derivations.set(output, derivation);
  return outputs;
}

/** How a tensor depends on others, if that is known. */
export function derivationOf(tensor: AnyTensor): Derivation | undefined {
  return derivations.get(tensor);
}
