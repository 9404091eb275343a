/** What a thread shows of itself while it blocks: two numbers in shared memory. */
export interface VitalSigns {
  /** The question whose verifier is on the stack; -1 for none. */
  onStack(): number;
  /** Changes whenever the thread gets on with its work. */
  beat(): number;
}

export interface VitalSignsWriter {
  begin(id: number): void;
  beat(): void;
  rest(): void;
}

export function createSharedSigns(): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(8)).fill(-1);
}

export function readSigns(shared: Int32Array): VitalSigns {
  return { onStack: () => Atomics.load(shared, 0), beat: () => Atomics.load(shared, 1) };
}

export function writeSigns(shared: Int32Array): VitalSignsWriter {
  const beat = (): void => void Atomics.add(shared, 1, 1);
  return {
    beat,
    begin(id) {
      Atomics.store(shared, 0, id);
      beat();
    },
    rest: () => void Atomics.store(shared, 0, -1),
  };
}
