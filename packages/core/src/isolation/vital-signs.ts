/** What a thread shows of itself while it blocks: two numbers in shared memory. */
export interface VitalSigns {
  /** The question whose verifier is on the stack. */
  onStack(): number | undefined;
  /** Changes whenever the thread gets on with its work. */
  beat(): number;
}

export interface VitalSignsWriter {
  begin(id: number): void;
  beat(): void;
  rest(): void;
}

const NONE = -1;

export function createSharedSigns(): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(8)).fill(NONE);
}

export function readSigns(shared: Int32Array): VitalSigns {
  return {
    onStack() {
      const id = Atomics.load(shared, 0);
      return id === NONE ? undefined : id;
    },
    beat: () => Atomics.load(shared, 1),
  };
}

export function writeSigns(shared: Int32Array): VitalSignsWriter {
  const beat = (): void => void Atomics.add(shared, 1, 1);
  const begin = (id: number): void => {
    Atomics.store(shared, 0, id);
    beat();
  };
  return { beat, begin, rest: () => begin(NONE) };
}
