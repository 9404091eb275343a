/** Who is there: a client that sends no heartbeats is gone. */
export interface Sessions {
  create(): string;
  /** @returns whether the session is known */
  beat(id: string): boolean;
  close(): void;
}

/** @param onGone is told of each session that ended */
export function createSessions(seconds: number, onGone: (id: string) => void): Sessions {
  const seen = new Map<string, number>();
  const look = setInterval(
    () => {
      for (const [id, time] of seen) {
        if (performance.now() - time < seconds * 1000) continue;
        seen.delete(id);
        onGone(id);
      }
    },
    Math.max(20, seconds * 100),
  );
  look.unref();
  return {
    create() {
      const id = `session_${crypto.randomUUID().slice(0, 8)}`;
      seen.set(id, performance.now());
      return id;
    },
    beat(id) {
      if (!seen.has(id)) return false;
      seen.set(id, performance.now());
      return true;
    },
    close: () => clearInterval(look),
  };
}
