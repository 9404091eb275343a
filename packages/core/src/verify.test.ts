import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { RrrErrorCode } from "./errors.ts";
import { RrrError } from "./errors.ts";
import type { Verifier } from "./task.ts";
import { fail, invalid, pass } from "./verdict.ts";
import { verifyWithin } from "./verify.ts";

function check(verify: unknown, timeoutMs = 1_000): ReturnType<typeof verifyWithin> {
  return verifyWithin({ name: "odd", verify: verify as Verifier<unknown> }, {}, "text", { timeoutMs });
}

async function errorCode(verify: unknown, timeoutMs?: number): Promise<RrrErrorCode | string> {
  const verdict = await check(verify, timeoutMs);
  return verdict.kind === "invalid" ? verdict.error.code : verdict.kind;
}

describe("verifyWithin", () => {
  it("hands through what the verifier says, at once or later", async () => {
    expect(await check(() => pass())).toEqual({ kind: "pass" });
    expect(await check(async () => fail("wrong", "it was 3"))).toEqual({
      kind: "fail",
      code: "wrong",
      detail: "it was 3",
    });
    const error = new RrrError("bad-item", "no such city");
    expect(await check(() => invalid(error))).toEqual({ kind: "invalid", error });
  });

  it.each([
    [
      "throws",
      () => {
        throw new TypeError("boom");
      },
    ],
    [
      "throws a string",
      () => {
        throw "boom";
      },
    ],
    ["rejects", () => Promise.reject(new Error("boom"))],
    [
      "throws what cannot be shown",
      () => {
        throw {
          toString: () => {
            throw new Error("no");
          },
        };
      },
    ],
    ["returns nothing", () => undefined],
    ["returns a boolean", () => true],
    ["returns a fail without code", () => ({ kind: "fail" })],
    ["returns another kind", () => ({ kind: "maybe" })],
    [
      "returns a throwing getter",
      () => ({
        get kind() {
          throw new Error("boom");
        },
      }),
    ],
    [
      "returns what throws however it is touched",
      () =>
        new Proxy(
          {},
          {
            get: () => {
              throw new Error("boom");
            },
          },
        ),
    ],
    ["returns what has no JSON", () => 1n],
    ["returns invalid without an error", () => ({ kind: "invalid" })],
  ])("is invalid where the verifier %s", async (_, verify) => {
    expect(await errorCode(verify)).toBe("verifier-failed");
  });

  it("says which task's verifier failed, and keeps the cause", async () => {
    const cause = new Error("boom");
    const verdict = await check(() => Promise.reject(cause));
    expect(verdict).toMatchObject({ error: { message: 'the verifier of task "odd" threw: boom', cause } });
  });

  it("gives up on a promise that never settles, and aborts its signal", async () => {
    let seen: AbortSignal | undefined;
    const never: Verifier<unknown> = (_item, _completion, { signal }) => {
      seen = signal;
      return new Promise(() => {});
    };
    const start = performance.now();
    expect(await errorCode(never, 50)).toBe("verifier-timeout");
    expect(performance.now() - start).toBeLessThan(2_000);
    expect(seen?.aborted).toBe(true);
  });

  it("passes an abort on to a verifier that is under way, and does not wait for it", async () => {
    let seen: AbortSignal | undefined;
    const never: Verifier<unknown> = (_item, _completion, { signal }) => {
      seen = signal;
      return new Promise(() => {});
    };
    const caller = new AbortController();
    const verdict = verifyWithin({ name: "odd", verify: never }, {}, "", { signal: caller.signal });
    expect(seen?.aborted).toBe(false);
    caller.abort();
    expect(await verdict).toMatchObject({ kind: "invalid", error: { code: "aborted" } });
    expect(seen?.aborted).toBe(true);
  });

  it("does not trust a verdict that came too late, blocking or not", async () => {
    const busy = (): unknown => {
      const end = performance.now() + 60;
      while (performance.now() < end);
      return pass();
    };
    expect(await errorCode(busy, 20)).toBe("verifier-timeout");
    expect(await errorCode(() => sleep(60).then(pass), 20)).toBe("verifier-timeout");
  });

  it("leaves no rejection behind when a verifier fails after its time", async () => {
    expect(await errorCode(() => sleep(40).then(() => Promise.reject(new Error("late"))), 10)).toBe(
      "verifier-timeout",
    );
    await sleep(60); // An unhandled rejection would fail this test run.
  });
});
