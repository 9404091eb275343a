import { deriveKey, uniformAt } from "../random.ts";

/** Share of the problems that is held out. */
const HELD_OUT = 0.2;

/**
 * Whether a problem belongs to the split `test`: a hash of its key decides, and holds out one in five. No seed enters,
 * so none trains on a problem that another seed holds out.
 * @param key names the problem whatever way it is written: sort what has no order, lower what has no case
 * @example if (isHeldOut(question) === (split === "test")) yield { question };
 */
export function isHeldOut(...key: readonly (string | number)[]): boolean {
  return uniformAt(deriveKey(0, ...key), 0) < HELD_OUT;
}
