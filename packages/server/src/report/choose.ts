import { createRandom, deriveKey } from "@rrr/core";

/**
 * In turn one of each kind, each kind in an order of its own by chance: so that of few the rare kinds are some.
 * @param seed the same gives the same order
 */
export function inTurn<Of>(all: readonly Of[], kindOf: (each: Of) => string, seed: number): readonly Of[] {
  const kinds = new Map<string, Of[]>();
  for (const each of all) {
    const known = kinds.get(kindOf(each));
    if (known === undefined) kinds.set(kindOf(each), [each]);
    else known.push(each);
  }
  const orders = [...kinds].map(([kind, of]) => createRandom(deriveKey(seed, "report", kind)).shuffle(of));
  const rounds = orders.reduce((most, { length }) => Math.max(most, length), 0);
  return Array.from({ length: rounds }, (_, round) =>
    orders.flatMap((order) => order.slice(round, round + 1)),
  ).flat();
}
