import { describe, expect, it } from "vitest";
import { messageOf, RrrError } from "./errors.ts";

describe("RrrError", () => {
  it("carries code, cause and hint", () => {
    const cause = new Error("disk full");
    const error = new RrrError("bad-run", "cannot write", { cause, hint: "Free some space." });
    expect(error).toMatchObject({ name: "RrrError", code: "bad-run", message: "cannot write", cause });
    expect(error.hint).toBe("Free some space.");
    expect("cause" in new RrrError("bad-run", "cannot write")).toBe(false);
  });

  it("is recognised by symbol, from whichever copy of the package it comes", () => {
    const foreign = Object.assign(new Error("x"), { code: "bad-run", [Symbol.for("rrr.error")]: true });
    expect(RrrError.is(foreign)).toBe(true);
    expect(RrrError.is(foreign, "bad-run")).toBe(true);
    expect(RrrError.is(foreign, "bad-task")).toBe(false);
    for (const other of [new Error("x"), undefined, null, "bad-run", {}])
      expect(RrrError.is(other)).toBe(false);
  });
});

describe("messageOf", () => {
  it("finds words for anything that was thrown", () => {
    expect([new Error("a"), "b", 3, undefined].map(messageOf)).toEqual(["a", "b", "3", "undefined"]);
    expect(messageOf(Object.create(null))).toBe("a value that cannot be shown");
  });
});
