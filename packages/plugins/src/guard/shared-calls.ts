/** What the guarded thread shows of itself while it blocks: four numbers in shared memory. */
export interface WatchedCall {
  /** Counts up from 1. */
  readonly id: number;
  /** `the plugin's items()` */
  readonly what: string;
  readonly limitMs: number;
}

/** A call's name, told once; its line is for the case that the guarded thread cannot say it. */
export interface GuardMessage extends WatchedCall {
  readonly line: string;
}

export const NONE = 0;
const [ON_STACK, ENTERED, AWAITED, BEAT] = [0, 1, 2, 3] as const;

export type SharedCalls = Int32Array<SharedArrayBuffer>;

export function createSharedCalls(): SharedCalls {
  return new Int32Array(new SharedArrayBuffer(16));
}

export function writeCalls(shared: SharedCalls): {
  /** @returns what to call when it has returned or thrown */
  enter(call: WatchedCall): () => void;
  /** For what it left to be awaited. */
  wait(call: WatchedCall): () => void;
  beat(): void;
} {
  const waiting: number[] = [];
  const put = (id: number): void => {
    Atomics.store(shared, ON_STACK, id);
    Atomics.add(shared, ENTERED, 1);
  };
  return {
    enter({ id }) {
      const outer = Atomics.load(shared, ON_STACK);
      put(id);
      return () => put(outer);
    },
    wait({ id }) {
      waiting.push(id);
      Atomics.store(shared, AWAITED, id);
      return () => {
        waiting.splice(waiting.indexOf(id), 1);
        Atomics.store(shared, AWAITED, waiting.at(-1) ?? NONE);
      };
    },
    beat: () => void Atomics.add(shared, BEAT, 1),
  };
}

/** The call that keeps the thread from anything else, and what changes when it gets on. */
export function readCalls(shared: SharedCalls): { readonly id: number; readonly sign: string } {
  const [onStack, entered, awaited, beat] = [ON_STACK, ENTERED, AWAITED, BEAT].map((at) =>
    Atomics.load(shared, at),
  ) as [number, number, number, number];
  // A generator that awaits what is there at once, for ever, leaves the stack, and lets nothing else run.
  return onStack === NONE
    ? { id: awaited, sign: `${awaited} ${beat}` }
    : { id: onStack, sign: `${onStack} ${entered}` };
}
