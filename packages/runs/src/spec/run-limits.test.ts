import fc from "fast-check";
import { expect, test } from "vitest";
import { type LimitCircumstances, limitsOf, resolveLimits, TURNS } from "./run-limits.ts";

const hosted: LimitCircumstances = {
  asked: {},
  configured: [],
  task: { attempt: 80, reflection: 112, for: "builtin" },
  isBuiltin: false,
  rounds: 1,
  answer: 0,
};
const of = (more: Partial<LimitCircumstances>) => {
  const { attempt, reflection, retry, from } = resolveLimits({ ...hosted, ...more });
  return [attempt, reflection, retry, ...TURNS.map((turn) => from[turn])].join(" ");
};

test("option, configuration, the task's own, what suits the model: in this order", () => {
  expect(of({})).toBe("4096 2048 4096 default default default");
  expect(of({ isBuiltin: true })).toBe("80 112 80 builtin builtin builtin");
  const unsaid = { attempt: 4096, reflection: 2048, for: "unknown" } as const;
  expect(of({ task: unsaid })).toBe("4096 2048 4096 default default default");
  expect(of({ task: unsaid, isBuiltin: true })).toBe("1024 512 1024 builtin builtin builtin");
  const own = { attempt: 200, reflection: 100, retry: 300 };
  expect(of({ task: own })).toBe("200 100 300 task task task");
  expect(of({ task: own, isBuiltin: true })).toBe("200 100 300 task task task");
  const asked = { attempt: 7, retry: 9 };
  expect(of({ task: own, asked, configured: ["retry"] })).toBe("7 100 9 option task configuration");
  expect(of({ asked, isBuiltin: true })).toBe("7 112 9 option builtin option");
});

test("the longest accepted answer fits, unless the user says no or the context window has no room for it", () => {
  expect(of({ answer: 5000 })).toBe("5000 2048 5000 data default data");
  expect(of({ answer: 500, isBuiltin: true })).toBe("500 112 500 data builtin data");
  expect(of({ answer: 500, task: { attempt: 200, reflection: 100, retry: 900 } })).toBe(
    "500 100 900 data task task",
  );
  expect(of({ answer: 500, asked: { attempt: 80 } })).toBe("80 2048 4096 option default default");
  const context = { length: 512, prompt: 100, round: 120 };
  expect(of({ answer: 500, isBuiltin: true, context })).toBe("412 112 412 data builtin data");
});

test("what is left open fits into the context window, with the last retry at its full length", () => {
  const some = fc.option(fc.integer({ min: 1, max: 3_000 }), { nil: undefined });
  const asked = fc.record({ attempt: some, reflection: some, retry: some });
  const context = fc.record({
    length: fc.integer({ min: 2_000, max: 300_000 }),
    prompt: fc.integer({ min: 1, max: 400 }),
    round: fc.integer({ min: 1, max: 500 }),
  });
  fc.assert(
    fc.property(asked, context, fc.integer({ min: 1, max: 4 }), (said, room, rounds) => {
      const limits = resolveLimits({ ...hosted, asked: said as object, context: room, rounds });
      const longest = room.prompt + limits.attempt + rounds * (room.round + limits.reflection + limits.retry);
      const isFloor = TURNS.some((turn) => said[turn] === undefined && limits[turn] === 64);
      expect(isFloor || TURNS.every((turn) => said[turn] !== undefined) || longest <= room.length).toBe(true);
      for (const turn of TURNS) {
        if (said[turn] !== undefined) expect(limits[turn]).toBe(said[turn]);
        else expect(limits[turn]).toBeLessThanOrEqual(turn === "reflection" ? 2_048 : 4_096);
      }
    }),
  );
  expect(of({ context: { length: 131_072, prompt: 300, round: 400 } })).toBe(
    "4096 2048 4096 default default default",
  );
  expect(of({ context: { length: 4_096, prompt: 200, round: 396 } })).toBe(
    "1400 700 1400 context context context",
  );
});

test("a run of an earlier version has what it had", () => {
  expect(limitsOf({}, { limits: { attempt: 80, reflection: 112, for: "builtin" } })).toEqual({
    attempt: 80,
    reflection: 112,
  });
  expect(limitsOf({}, { limits: { attempt: 4096, reflection: 2048, for: "unknown" } })).toEqual({
    attempt: 1024,
    reflection: 512,
  });
});
