import { Refusal } from "../http/refusal.ts";

/** Requests of a model that were numbered ahead and wait for those before them. */
const MOST_WAITING = 1_000;
/** For so long a request waits for those before it: one that was refused never had its number. */
const WAIT_MS = 300_000;
/** Requests whose repeat is still known. */
const REMEMBERED = 10_000;

/** Runs a model's requests one after another, in the order of their numbers, each once. */
export interface Turns {
  /**
   * @param seq from 1, one more with each request
   * @param fingerprint of the body: a repeat with the same one gets the first one's id
   * @throws Refusal 409 for a number that was used for something else
   */
  submit<Result>(
    seq: number,
    fingerprint: string,
    start: () => Promise<Result>,
    add: (result: Promise<Result>) => string,
  ): string;
  /** No more turns come: fails those that wait for theirs. */
  close(why: Error): void;
}

interface Waiting {
  begin(): void;
  fail(why: Error): void;
}

export function createTurns(waitMs: number = WAIT_MS): Turns {
  const known = new Map<number, { readonly fingerprint: string; readonly id: string }>();
  const waiting = new Map<number, Waiting>();
  let next = 1;
  let last: Promise<unknown> = Promise.resolve();

  /** Those whose turn has come. */
  function release(): void {
    for (let first = waiting.get(next); first !== undefined; first = waiting.get(next)) {
      waiting.delete(next++);
      first.begin();
    }
  }

  /** Fails what still waits, and leaves its number used. */
  function giveUp(seq: number): void {
    const late = waiting.get(seq);
    if (late === undefined) return;
    waiting.set(seq, { begin: () => {}, fail: () => {} });
    late.fail(new Refusal(400, `seq_id ${next} did not come, and ${seq} waits for it`));
  }

  return {
    submit<Result>(
      seq: number,
      fingerprint: string,
      start: () => Promise<Result>,
      add: (result: Promise<Result>) => string,
    ): string {
      if (!Number.isInteger(seq) || seq < 1)
        throw new Refusal(400, `seq_id is ${seq}, not a whole number from 1`);
      const before = known.get(seq);
      if (before !== undefined) {
        if (before.fingerprint === fingerprint) return before.id;
        throw new Refusal(409, `seq_id ${seq} was used for another request`);
      }
      if (seq < next) throw new Refusal(409, `seq_id ${seq} was used long ago; the next is ${next}`);
      if (seq > next + MOST_WAITING) throw new Refusal(400, `seq_id is ${seq}, the next is ${next}`);
      const result = new Promise<Result>((resolve, reject) => {
        waiting.set(seq, {
          begin() {
            const run = last.then(start);
            last = run.catch(() => undefined);
            run.then(resolve, reject);
          },
          fail: reject,
        });
      });
      if (seq > next) setTimeout(giveUp, waitMs, seq).unref();
      const id = add(result);
      known.set(seq, { fingerprint, id });
      known.delete(seq - REMEMBERED);
      release();
      return id;
    },
    close(why) {
      for (const { fail } of waiting.values()) fail(why);
      waiting.clear();
    },
  };
}
