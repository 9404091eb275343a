import { describe, expect, it } from "vitest";
import { sumDefinition, sumTask } from "../test/sum-task.ts";
import { assertTask, isTask } from "./check-task.ts";
import { DEFAULT_LIMITS, defineTask, type TaskDefinition } from "./define-task.ts";
import { RrrError } from "./errors.ts";
import { defaultReflectionRequest } from "./reflection-request.ts";

describe("defineTask", () => {
  it("fills in the specification, the request for a reflection and the limits", () => {
    expect(sumTask).toMatchObject({ spec: "rrr/task@1", name: "sum", limits: DEFAULT_LIMITS });
    expect(sumTask.reflect).toBe(defaultReflectionRequest);
    const own = defineTask({
      ...sumDefinition,
      reflect: () => "Why?",
      limits: { attempt: 5, reflection: 6 },
    });
    expect(own.reflect({ item: { a: 1, b: 2 }, prompt: [], completion: "" })).toBe("Why?");
    expect(own.limits).toEqual({ attempt: 5, reflection: 6 });
  });

  it.each([
    [{ name: "Sum Task" }, 'task field "name" must be kebab-case, got "Sum Task"'],
    [{ name: undefined }, 'task field "name" must be kebab-case, got undefined'],
    [{ items: [1] }, 'task "sum": field "items" must be a function, got [1]'],
    [{ prompt: "Add." }, 'task "sum": field "prompt" must be a function, got "Add."'],
    [{ verify: undefined }, 'task "sum": field "verify" must be a function, got undefined'],
    [{ reflect: null }, 'task "sum": field "reflect" must be a function, got null'],
    [{ feedback: "no" }, 'task "sum": field "feedback" must be true, false or absent, got "no"'],
    [{ testOnly: 1 }, 'task "sum": field "testOnly" must be true, false or absent, got 1'],
    [{ gold: 3 }, 'task "sum": field "gold" must be a function or absent, got 3'],
    [{ leaks: true }, 'task "sum": field "leaks" must be a function or absent, got true'],
    [
      { schema: {} },
      'field "schema" must be a Standard Schema (version 1; zod, valibot and arktype make them), got {}',
    ],
    [{ limits: { attempt: 0, reflection: 1 } }, 'field "limits.attempt" must be a whole number ≥ 1, got 0'],
    [{ limits: { attempt: 1 } }, 'field "limits.reflection" must be a whole number ≥ 1, got undefined'],
    [{ limits: { attempt: 1, reflection: 1, retry: 0.5 } }, 'field "limits.retry" must be a whole number'],
    [{ limits: { attempt: 1, reflection: 1, for: "all" } }, 'field "limits.for" must be "builtin"'],
    [{ longestAnswer: "x" }, 'field "longestAnswer" must be a function or absent, got "x"'],
    [{ limits: 5 }, 'field "limits.attempt" must be a whole number ≥ 1, got undefined'],
  ])("names what is wrong in %j", (change, message) => {
    const define = (): unknown => defineTask({ ...sumDefinition, ...change } as TaskDefinition<unknown>);
    expect(define).toThrow(message);
    expect(define).toThrow(expect.toSatisfy((error) => RrrError.is(error, "bad-task")));
  });
});

describe("assertTask and isTask", () => {
  it("take a task", () => {
    expect(isTask(sumTask)).toBe(true);
    expect(() => assertTask(sumTask)).not.toThrow();
  });

  it.each([
    [undefined, "a task must be an object, got undefined"],
    ["sum", 'a task must be an object, got "sum"'],
    [() => 1, "a task must be an object, got a function"],
    [{ ...sumTask, spec: "rrr/task@2" }, 'task field "spec" must be "rrr/task@1", got "rrr/task@2"'],
    [sumDefinition, 'task field "spec" must be "rrr/task@1", got undefined'],
  ])("refuse what is none", (value, message) => {
    expect(isTask(value)).toBe(false);
    expect(() => assertTask(value)).toThrow(message);
  });
});
