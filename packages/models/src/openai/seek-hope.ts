import { RrrError } from "@rrr/core";
import type { Attempt, Question } from "../remote/ask.ts";
import { type Outcome, type Refused, refused } from "../remote/outcome.ts";
import { type StopSignal, wait } from "../remote/stop.ts";

/** How long the requests go one by one at most: an answer may take minutes, a refusal does not. */
const ALONE_MS = 2_000;

/** Requests refused for the same reason, without any answer, after which more would be refused too. */
const SAME_REFUSALS = 5;

/** Web pages, without any answer, after which there is no server behind them: a gateway in trouble takes less long. */
const SAME_PAGES = 5;
const PAGE_PAUSE_MS = 250;

/** Answers of the same unusable form, of several requests and without any other, after which it is the server's. */
const SAME_FORMS = 12;
const OF_REQUESTS = 5;

/**
 * Looks out for a server that will refuse whatever it is asked. Until something was answered, requests go one by one.
 * @param explain what a look at the server finds, as a hint
 * @param onHopeless is told once
 */
export function seekingHope(
  name: string,
  attempt: Attempt,
  explain: () => Promise<string | undefined>,
  onHopeless: (error: RrrError) => void,
): Attempt {
  const refusals = new Map<string, number>();
  /** What of each form came of which requests. */
  const forms = new Map<string, Question[]>();
  let pages = 0;
  let hasAnswered = false;
  let isHopeless = false;
  let isOpen = false;
  let last: Promise<void> = Promise.resolve();
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = () => {
      isOpen = true;
      resolve();
    };
  });
  let hasBegun = false;

  async function afterBroken(outcome: Outcome, question: Question, signal: StopSignal): Promise<Outcome> {
    if (outcome.kind !== "broken" || outcome.hint === undefined || hasAnswered) return outcome;
    const { problem, hint, rejected } = outcome;
    if (rejected?.readable) {
      const asked = [...(forms.get(problem) ?? []), question];
      forms.set(problem, asked);
      const isServers = asked.length >= SAME_FORMS && new Set(asked).size >= OF_REQUESTS;
      return isServers ? { ...refused("model-failed", problem, hint, "server"), rejected } : outcome;
    }
    if (++pages >= SAME_PAGES) return refused("model-failed", problem, hint, "server");
    await wait(PAGE_PAUSE_MS, signal);
    return outcome;
  }

  function isFinal({ scope, problem }: Refused): boolean {
    if (scope === "account") return true;
    if (hasAnswered) return false;
    const reason = problem.replace(/[0-9a-f]{8}[0-9a-f-]*|\d+/gi, "#");
    const times = (refusals.get(reason) ?? 0) + 1;
    refusals.set(reason, times);
    return scope === "server" || times >= SAME_REFUSALS;
  }

  async function tell(outcome: Refused): Promise<Refused> {
    isHopeless = true;
    const found = outcome.scope === "account" ? undefined : await explain();
    const hint = found ?? outcome.hint;
    onHopeless(new RrrError(outcome.code, `${name}: ${outcome.problem}`, hint === undefined ? {} : { hint }));
    return { ...outcome, ...(hint === undefined ? {} : { hint }) };
  }

  async function look(...[question, signal]: Parameters<Attempt>): Promise<Outcome> {
    const outcome = await afterBroken(await attempt(question, signal), question, signal);
    if (outcome.kind === "answer") {
      hasAnswered = true;
      open();
    }
    return outcome.kind === "refused" && !isHopeless && isFinal(outcome) ? tell(outcome) : outcome;
  }

  return async (question, signal) => {
    if (isOpen) return look(question, signal);
    if (!hasBegun) setTimeout(open, ALONE_MS).unref();
    hasBegun = true;
    const before = last;
    let done = (): void => {};
    last = new Promise((resolve) => {
      done = resolve;
    });
    try {
      await Promise.race([before, opened]);
      return await look(question, signal);
    } finally {
      done();
    }
  };
}
