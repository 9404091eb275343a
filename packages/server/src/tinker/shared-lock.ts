/** Many may read the weights at once; who changes them is alone. Who waits to change them is not overtaken. */
export interface SharedLock {
  shared<Result>(work: () => Promise<Result>): Promise<Result>;
  exclusive<Result>(work: () => Promise<Result>): Promise<Result>;
}

export function createSharedLock(): SharedLock {
  let readers = 0;
  let gate: Promise<void> | undefined;
  let whenIdle: (() => void) | undefined;
  return {
    async shared(work) {
      while (gate !== undefined) await gate;
      readers++;
      try {
        return await work();
      } finally {
        readers--;
        if (readers === 0) whenIdle?.();
      }
    },
    async exclusive(work) {
      while (gate !== undefined) await gate;
      let open = (): void => {};
      gate = new Promise((resolve) => {
        open = resolve;
      });
      try {
        if (readers > 0) {
          await new Promise<void>((resolve) => {
            whenIdle = resolve;
          });
        }
        return await work();
      } finally {
        whenIdle = undefined;
        gate = undefined;
        open();
      }
    },
  };
}
