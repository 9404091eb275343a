import type { Datum } from "@rrr/trainer";

/** Sequences one below another, filled up with token 0 behind their ends. */
export interface Batch {
  readonly rows: number;
  readonly length: number;
  /** `[rows · length]` */
  readonly tokens: Int32Array;
  /** Of each target, in the order of `data` and their targets: the position whose next token it is, and the token. */
  readonly positions: Int32Array;
  readonly labels: Int32Array;
  /** Numbers of the data. */
  readonly data: readonly number[];
}

/** Sequences of like length together, `most` positions at once or a single sequence. */
export function batchesOf(data: readonly Datum[], most: number): readonly Batch[] {
  const lengthOf = (index: number): number => {
    const { prompt, targets } = data[index] as Datum;
    return prompt.length + targets.length - 1;
  };
  const longestFirst = [...data.keys()].sort((a, b) => lengthOf(b) - lengthOf(a));
  const batches: Batch[] = [];
  for (let start = 0; start < longestFirst.length; ) {
    const length = lengthOf(longestFirst[start] as number);
    const members = longestFirst.slice(start, start + Math.max(1, Math.floor(most / length)));
    batches.push(batchOf(data, members, length));
    start += members.length;
  }
  return batches;
}

function batchOf(data: readonly Datum[], members: readonly number[], length: number): Batch {
  const tokens = new Int32Array(members.length * length);
  const positions: number[] = [];
  const labels: number[] = [];
  members.forEach((index, row) => {
    const { prompt, targets } = data[index] as Datum;
    tokens.set(prompt, row * length);
    tokens.set(targets.subarray(0, -1), row * length + prompt.length);
    targets.forEach((target, t) => {
      positions.push(row * length + prompt.length - 1 + t);
      labels.push(target);
    });
  });
  return {
    ...{ rows: members.length, length, tokens, data: members },
    positions: Int32Array.from(positions),
    labels: Int32Array.from(labels),
  };
}
