import { RrrError } from "../errors.ts";
import { DEFAULT_VERIFY_TIMEOUT_MS, type VerifySettings } from "../time-limit.ts";
import { invalid, type Verdict } from "../verdict.ts";
import type { Asked } from "./host.ts";
import type { Question } from "./question.ts";

/** A verdict that somebody waits for. The caller's abort settles it as `aborted`, wherever the question then is. */
export class Request implements Question {
  readonly id: number;
  readonly asked: Asked;
  readonly item: unknown;
  readonly completion: string;
  readonly timeoutMs: number;
  readonly verdict: Promise<Verdict>;
  /** Whether nobody waits any more. */
  isSettled = false;
  /** It was under way when a host ended, and may be the reason: it is asked again, alone. */
  isSuspect = false;
  #resolve!: (verdict: Verdict) => void;
  #forget: (() => void) | undefined;

  /** @param what in messages: `the verifier of task "even"` */
  constructor(
    what: string,
    id: number,
    asked: Asked,
    item: unknown,
    completion: string,
    { timeoutMs = DEFAULT_VERIFY_TIMEOUT_MS, signal }: VerifySettings,
  ) {
    this.id = id;
    this.asked = asked;
    this.item = item;
    this.completion = completion;
    this.timeoutMs = timeoutMs;
    this.verdict = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    if (signal !== undefined) this.#heed(signal, what);
  }

  settle(verdict: Verdict): void {
    this.isSettled = true;
    this.#forget?.();
    this.#resolve(verdict);
  }

  #heed(signal: AbortSignal, what: string): void {
    const onAbort = (): void =>
      this.settle(invalid(new RrrError("aborted", `${what} was aborted`, { cause: signal.reason })));
    signal.addEventListener("abort", onAbort);
    this.#forget = () => signal.removeEventListener("abort", onAbort);
    if (signal.aborted) onAbort();
  }
}
