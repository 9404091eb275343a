/** One of those that do the same work: a round of it, in seconds. */
export interface Contender {
  readonly name: string;
  round(): Promise<number>;
}

/** What each took for a round, in seconds, lowest first. */
export type Times = ReadonlyMap<string, readonly number[]>;

/** Rounds in turn, so that what else the machine does falls on all alike, after some of each that compile and warm up. */
export async function inTurn(contenders: readonly Contender[], rounds: number, warmUp = 1): Promise<Times> {
  const times = new Map(contenders.map(({ name }) => [name, [] as number[]]));
  for (let round = -warmUp; round < rounds; round++) {
    for (const { name, round: work } of contenders) {
      const seconds = await work();
      if (round >= 0) times.get(name)?.push(seconds);
    }
  }
  for (const each of times.values()) each.sort((a, b) => a - b);
  return times;
}

/** Seconds of the middle round. */
export function medianOf(times: Times, name: string): number {
  const own = times.get(name) ?? [];
  return own[Math.floor(own.length / 2)] ?? Number.NaN;
}

export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
