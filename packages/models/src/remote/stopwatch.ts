/** How long anything ran of what may run at the same time. */
export class Stopwatch {
  #running = 0;
  #since = 0;
  #ms = 0;

  start(): void {
    if (this.#running++ === 0) this.#since = performance.now();
  }

  stop(): void {
    if (--this.#running === 0) this.#ms += performance.now() - this.#since;
  }

  get ms(): number {
    return this.#ms + (this.#running === 0 ? 0 : performance.now() - this.#since);
  }
}
