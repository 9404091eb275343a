/**
 * Counter-based randomness: every number is a pure function of (seed, stream, index), so that order of
 * execution, batching and resuming cannot change it. `Math.random` appears nowhere in rrr.
 *
 * The mixer is the 32-bit finaliser of MurmurHash3 over a Weyl sequence, twice: small, and ample for sampling.
 * It is not cryptographic.
 */

/** An unsigned 32-bit key from a parent key and labels, e.g. `deriveKey(seed, "mine", item, try)`. */
export function deriveKey(seed: number, ...labels: readonly (string | number)[]): number {
  let key = mix(seed >>> 0, Math.floor(seed / 0x1_0000_0000) >>> 0);
  for (const label of labels) {
    if (typeof label === "number") {
      key = mix(mix(key, label >>> 0), Math.floor(label / 0x1_0000_0000) >>> 0);
    } else {
      key = mix(key, 0x9e3779b9 ^ label.length);
      for (let i = 0; i < label.length; i++) key = mix(key, label.charCodeAt(i));
    }
  }
  return key;
}

/**
 * The `index`-th uniform number of a key's stream, strictly inside (0, 1), so that the logarithms of it and of
 * its complement are finite. 52 random bits and a half: with 53, the largest would round to 1.
 */
export function uniformAt(key: number, index: number): number {
  const high = mix(key, index);
  const low = mix(high ^ 0x85ebca6b, index);
  return ((high >>> 6) * 0x400_0000 + (low >>> 6) + 0.5) / 0x10_0000_0000_0000;
}

/** A stream of numbers from one key, for code that just wants the next one. */
export interface Random {
  /** Uniform in (0, 1). */
  next(): number;
  /** Whole number in [0, below). */
  int(below: number): number;
  pick<T>(from: readonly T[]): T;
  /** A new array in random order (Fisher–Yates). */
  shuffle<T>(of: readonly T[]): T[];
}

export function createRandom(key: number): Random {
  let index = 0;
  const next = (): number => uniformAt(key, index++);
  const int = (below: number): number => Math.floor(next() * below);
  return {
    next,
    int,
    pick: (from) => from[int(from.length)] as (typeof from)[number],
    shuffle(of) {
      const out = [...of];
      for (let i = out.length - 1; i > 0; i--) {
        const j = int(i + 1);
        [out[i], out[j]] = [out[j] as (typeof out)[number], out[i] as (typeof out)[number]];
      }
      return out;
    },
  };
}

function mix(key: number, value: number): number {
  let h = (key ^ Math.imul((value | 0) + 0x9e3779b9, 0x85ebca6b)) | 0;
  for (let round = 0; round < 2; round++) {
    h = (h + 0x9e3779b9) | 0;
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    h ^= h >>> 16;
  }
  return h >>> 0;
}
