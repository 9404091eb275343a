import { count, duration, type ProgressEvent, percent } from "@rrr/runs";
import type { Progress } from "../display/progress.ts";

/** A run's progress as displays show it. */
export function toProgress(event: ProgressEvent, passRates: readonly number[] = []): Progress {
  const { done, total, unit, sampledTokens, tokensPerSecond } = event;
  const speed: Progress["facts"] = [
    ["tokens", count(sampledTokens)],
    ["tokens/s", count(tokensPerSecond)],
  ];
  return {
    stage: titleOf(event),
    done,
    total,
    unit,
    facts: [...waitOf(event), ...factsOf(event), ...trafficOf(event), ...speed],
    ...(event.stage === "train" && { passRates }),
  };
}

function titleOf(event: ProgressEvent): string {
  if (event.stage === "mine") return "collect failures";
  return event.stage === "train" ? event.stage : `${event.stage}: ${event.part}`;
}

function factsOf(event: ProgressEvent): Progress["facts"] {
  switch (event.stage) {
    case "mine":
      return [
        ["problems", count(event.problems)],
        ["never failed", count(event.mastered)],
        ["attempts", count(event.attempts)],
        ...erroredOf(event.errored),
      ];
    case "train": {
      if (event.report === undefined) return [];
      const { passRate, kept, dropped, errored, update } = event.report;
      return [
        ["pass rate", percent(passRate)],
        ["dropped groups", `${dropped}/${kept + dropped}`],
        ...(update === undefined || update.kl === 0 ? [] : [["KL", update.kl.toFixed(4)] as const]),
        ...erroredOf(errored),
      ];
    }
    default: {
      const { first, after, errored } = event;
      // Errors stand first: a narrow terminal has no place for the last ones.
      return [
        ...erroredOf(errored),
        ...(first === undefined ? [] : [["first try", soFar(first, errored)] as const]),
        ...(after === undefined ? [] : [["after reflection", soFar(after, errored)] as const]),
      ];
    }
  }
}

/** What errored has not passed so far, and may have. */
function soFar(share: number, errored: number): string {
  return errored === 0 ? percent(share) : `at least ${percent(share)}`;
}

/** First: nothing else moves meanwhile. */
function waitOf({ waitsFor }: ProgressEvent): Progress["facts"] {
  return waitsFor === undefined ? [] : [["waits for", waitsFor]];
}

/** Why it takes so long: shown once there is something to say. */
function trafficOf({ traffic }: ProgressEvent): Progress["facts"] {
  if (traffic === undefined || traffic.retries === 0) return [];
  const { nextTryMs = 0, limitedMs, busyMs } = traffic;
  const next = Math.round(nextTryMs / 1000);
  const limited = Math.round(limitedMs / 1000);
  const busy = Math.round(busyMs / 1000);
  return [
    ...(next === 0 ? [] : [["next try in", duration(next)] as const]),
    ["retries", count(traffic.retries)],
    ...(limited === 0 ? [] : [["rate-limited", `${count(limited)} s`] as const]),
    ...(busy === 0 ? [] : [["server busy", `${count(busy)} s`] as const]),
  ];
}

function erroredOf(errored: number): Progress["facts"] {
  return errored === 0 ? [] : [["errored", String(errored)]];
}
