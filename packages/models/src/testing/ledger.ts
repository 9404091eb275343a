/** What the server did with one request, however often it was sent. */
export interface Served {
  readonly asks: number;
  readonly faults: number;
  /** The right answer went out, whole. */
  readonly answered: boolean;
  /** Times that it was sent again although it had been answered. */
  readonly askedAfterAnswer: number;
  /** One for each Retry-After after which the request was sent again. */
  readonly waits: readonly Wait[];
}

export interface Wait {
  readonly askedMs: number;
  readonly waitedMs: number;
}

interface Entry {
  asks: number;
  faults: number;
  answered: boolean;
  askedAfterAnswer: number;
  waits: Wait[];
  wait?: { readonly since: number; readonly askedMs: number };
}

/** Requests by their bodies, to the letter: the same body is the same request. */
export class Ledger {
  readonly #entries = new Map<string, Entry>();

  get served(): ReadonlyMap<string, Served> {
    return this.#entries;
  }

  /** @returns how often it has been asked, this time included. */
  asked(body: string): number {
    const entry = this.#entries.get(body) ?? {
      asks: 0,
      faults: 0,
      answered: false,
      askedAfterAnswer: 0,
      waits: [],
    };
    this.#entries.set(body, entry);
    entry.asks++;
    if (entry.answered) entry.askedAfterAnswer++;
    if (entry.wait !== undefined) {
      entry.waits.push({ askedMs: entry.wait.askedMs, waitedMs: Date.now() - entry.wait.since });
      delete entry.wait;
    }
    return entry.asks;
  }

  failed(body: string, retryAfter: string | undefined): void {
    const entry = this.#entries.get(body) as Entry;
    entry.faults++;
    if (retryAfter === undefined) return;
    const since = Date.now();
    const askedMs = /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - since;
    entry.wait = { since, askedMs };
  }

  answered(body: string): void {
    (this.#entries.get(body) as Entry).answered = true;
  }
}
