import { RrrError } from "../errors.ts";
import { DEFAULT_VERIFY_TIMEOUT_MS, type VerifySettings } from "../time-limit.ts";
import { invalid, type Verdict } from "../verdict.ts";
import type { Question } from "./question.ts";

/** A verdict that somebody waits for. The caller's abort settles it as `aborted`, wherever the question then is. */
export class Request {
  readonly question: Question;
  readonly timeoutMs: number;
  readonly verdict: Promise<Verdict>;
  /** Whether nobody waits any more. */
  isSettled = false;
  /** It was under way when a host ended, and may be the reason: it is asked again, alone. */
  isSuspect = false;
  readonly #signal: AbortSignal | undefined;
  #resolve!: (verdict: Verdict) => void;

  /** @param what in messages: `the verifier of task "even"` */
  constructor(what: string, question: Question, settings: VerifySettings) {
    const { timeoutMs = DEFAULT_VERIFY_TIMEOUT_MS, signal } = settings;
    this.question = question;
    this.timeoutMs = timeoutMs;
    this.verdict = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.#signal = signal;
    if (signal === undefined) return;
    this.#onAbort = () =>
      this.settle(invalid(new RrrError("aborted", `${what} was aborted`, { cause: signal.reason })));
    signal.addEventListener("abort", this.#onAbort);
    if (signal.aborted) this.#onAbort();
  }

  #onAbort: (() => void) | undefined;

  settle(verdict: Verdict): void {
    this.isSettled = true;
    if (this.#onAbort !== undefined) this.#signal?.removeEventListener("abort", this.#onAbort);
    this.#resolve(verdict);
  }
}
