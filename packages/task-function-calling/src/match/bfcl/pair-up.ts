/**
 * A largest set of pairs of a left and a right one that fit, no one twice: maximum bipartite matching by augmenting
 * paths. The greedy way, first fit first, misses pairs: the one that fits both others may take the only one that fits
 * its neighbour.
 * @returns For each of the right ones, the index of the left one that it is paired with, if any.
 * @see https://en.wikipedia.org/wiki/Maximum_cardinality_matching#Algorithms_for_bipartite_graphs
 */
export function pairUp<Left, Right>(
  lefts: readonly Left[],
  rights: readonly Right[],
  fits: (left: Left, right: Right) => boolean,
): readonly (number | undefined)[] {
  const fitting = lefts.map((left) => [...rights.keys()].filter((i) => fits(left, rights[i] as Right)));
  const partners: (number | undefined)[] = rights.map(() => undefined);

  /** Finds a partner, if need be by moving those that have one to another; nobody is asked twice. */
  function place(left: number, asked: Set<number>): boolean {
    for (const right of fitting[left] ?? []) {
      if (asked.has(right)) continue;
      asked.add(right);
      const rival = partners[right];
      if (rival !== undefined && !place(rival, asked)) continue;
      partners[right] = left;
      return true;
    }
    return false;
  }

  for (const left of lefts.keys()) place(left, new Set());
  return partners;
}
