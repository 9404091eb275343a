import type { StepFigures } from "@rrr/trainer";
import { expect, test } from "vitest";
import { lookAtStart, lookBeforeMining } from "./look.ts";

/** `failed` of 300 problems at first; so many of those after reflection. */
function before(failed: number, retried: number, answers: object = {}) {
  const table = Array.from({ length: 300 }, (_, i) => [
    { first: i >= failed, after: i >= failed || i < retried },
  ]);
  return { table, answers };
}

function groups(count: number, passed: number): StepFigures {
  const all = Array.from({ length: count }, () => ({ passed, of: 8 }));
  const kept = passed > 0 && passed < 8 ? count : 0;
  return { step: 1, groups: all, kept, dropped: count - kept, reflections: 8 * count, cut: 0, distinct: 8 };
}

const answered = { attempts: 300, noAnswer: 0 };
const kindsOf = (findings: ReturnType<typeof lookAtStart>) =>
  findings.map(({ kind, stops }) => `${kind}${stops ? " stops" : ""}`);

test("a good start says nothing", () => {
  expect(lookAtStart({ before: before(200, 50), unanswered: answered, sampled: [groups(8, 2)] })).toEqual([]);
});

test.each([
  ["none of 300 retries passes", before(300, 0), groups(8, 0), ["too-low stops", "no-signal"]],
  ["none of 20: nobody knows", before(20, 0), groups(8, 0), ["too-low", "no-signal"]],
  ["nearly all pass", before(200, 180), groups(8, 8), ["too-high stops", "no-signal"]],
  ["held-out retries never pass, those of training do", before(300, 0), groups(8, 2), []],
  [
    "all groups are alike, though half of all retries pass",
    before(200, 100),
    groups(40, 8),
    ["no-signal stops"],
  ],
])("%s", (_, measured, sampled, expected) => {
  expect(kindsOf(lookAtStart({ before: measured, unanswered: answered, sampled: [sampled] }))).toEqual(
    expected,
  );
});

test("groups of several steps count together while nothing was learned", () => {
  const inputs = { before: before(200, 50), unanswered: answered };
  const sampled = Array.from({ length: 5 }, () => groups(8, 8));
  expect(kindsOf(lookAtStart({ ...inputs, sampled: sampled.slice(0, 4) }))).toEqual(["no-signal"]);
  expect(kindsOf(lookAtStart({ ...inputs, sampled }))).toEqual(["no-signal stops"]);
});

test("answers that are cut off, and attempts without an answer", () => {
  const turn = { answers: 100, cached: 0, estimated: 0, contradicted: 0 };
  const cut = (attempt: number, reflection: number) => ({
    attempt: { ...turn, cut: attempt, cutFailures: attempt },
    reflection: { ...turn, cut: reflection, cutFailures: 0 },
  });
  const look = (answers: object, noAnswer = 0) =>
    kindsOf(
      lookAtStart({
        before: before(200, 50, answers),
        unanswered: { attempts: 300, noAnswer },
        sampled: [groups(8, 2)],
      }),
    );
  expect(look(cut(10, 40))).toEqual([]);
  expect(look(cut(25, 70))).toEqual(["cut-off", "cut-off"]);
  expect(look(cut(62, 0))).toEqual(["cut-off stops"]);
  expect(look({}, 160)).toEqual([]);
  expect(look({}, 200)).toEqual(["no-answer stops"]);
});

test.each([
  ["all of 60 pass", 60, 60, 0, "too-high"],
  ["one of 60 does not", 59, 60, 0, undefined],
  ["all of 60 that came to an outcome", 60, 60, 1, undefined],
  ["all of 20: too few to tell", 20, 20, 0, undefined],
  ["nothing came to an outcome", 0, 0, 60, "unmeasured"],
  ["nothing was asked", 0, 0, 0, undefined],
])("before failures are collected: %s", (_, passed, of, missing, expected) => {
  const rate = { passed, of, missing } as Parameters<typeof lookBeforeMining>[0];
  expect(lookBeforeMining(rate)?.kind).toBe(expected);
});
