/**
 * Before the process ends its threads stand still: the runtime's native code cannot be ended while it computes, and would
 * take the process down with an abort.
 */

/** Numbers shared with a thread: whether it is asked to stand still, and whether it does. */
export type HaltSigns = Int32Array<SharedArrayBuffer>;

const ASKED = 0;
const HALTED = 1;
const NEVER = 2;
/** A run takes less, but for the largest batches. */
const PATIENCE_MS = 3000;

const open = new Set<HaltSigns>();

export function createHaltSigns(): HaltSigns {
  return new Int32Array(new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT));
}

/** From now on the thread is waited for when the process ends. @returns what says that it has ended by itself */
export function haltAtExit(signs: HaltSigns): () => void {
  if (open.size === 0) process.on("exit", haltAll);
  open.add(signs);
  return () => {
    open.delete(signs);
    if (open.size === 0) process.off("exit", haltAll);
  };
}

function haltAll(): void {
  for (const signs of open) {
    Atomics.store(signs, ASKED, 1);
    Atomics.notify(signs, ASKED);
  }
  for (const signs of open) Atomics.wait(signs, HALTED, 0, PATIENCE_MS);
}

/** In the thread: stands still when it is asked to, between two runs. */
export async function haltWhenAsked(signs: HaltSigns): Promise<void> {
  await (Atomics as unknown as WithWaitAsync).waitAsync(signs, ASKED, 0).value;
  Atomics.store(signs, HALTED, 1);
  Atomics.notify(signs, HALTED);
  Atomics.wait(signs, NEVER, 0);
}

/** ECMAScript 2024, which Node 20 has and the compiler's library does not. */
interface WithWaitAsync {
  waitAsync(signs: HaltSigns, index: number, value: number): { readonly value: Promise<string> | string };
}
