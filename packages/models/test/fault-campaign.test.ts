import { createOpenAIModel } from "@rrr/models";
import { FAULT_KINDS, type FaultKind, runFaultCampaign } from "@rrr/models/testing";
import { expect, it } from "vitest";

// The short form of `pnpm bench:faults`.
const perKind = 10;
const maxAttempts = 3;
const maxWaitMs = 2_000;

/** Short only where a deadline is what ends the fault: a busy machine must not look like a dead server. */
function deadlines(kind: FaultKind): object {
  if (kind === "hang-before-headers" || kind === "slow-drip") return { timeoutMs: 5_000 };
  return kind === "hang-in-body" ? { stallTimeoutMs: 2_000 } : {};
}

it("takes no fault for an answer, loses nothing, and asks for nothing that it has", async () => {
  const byKind = await runFaultCampaign({
    perKind,
    maxAttempts,
    maxWaitMs,
    createModels: (baseURL, kind) =>
      [false, true].map((stream) =>
        createOpenAIModel({
          model: "faulty",
          baseURL,
          stream,
          maxAttempts,
          maxWaitMs,
          backoffMs: 20,
          ...deadlines(kind),
        }),
      ),
  });
  // Of five requests, each of two models has some that fail 0, 1, 2, 3 times and 0 times again.
  const sound = {
    requests: perKind,
    answers: 8,
    failures: 2,
    faults: 12,
    wrongAnswers: 0,
    lost: 0,
    untyped: 0,
    askedAfterAnswer: 0,
    oddAttempts: 0,
    tooEarly: 0,
  };
  expect([...byKind]).toEqual(FAULT_KINDS.map((kind) => [kind, sound]));
}, 120_000);
