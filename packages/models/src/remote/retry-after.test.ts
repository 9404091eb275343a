import { describe, expect, it } from "vitest";
import { delayInHeaders, parseRetryAfter } from "./retry-after.ts";

describe("parseRetryAfter", () => {
  const now = Date.UTC(2026, 0, 2, 3, 4, 5, 500);
  it.each<[string | string[] | undefined, number | undefined]>([
    [undefined, undefined],
    ["", undefined],
    ["soon", undefined],
    ["-5", undefined],
    ["1e3", undefined],
    ["0", 0],
    [" 7 ", 7_000],
    ["1.5", 1_500],
    [["3", "9"], 3_000],
    ["86400", 86_400_000],
    ["Fri, 02 Jan 2026 03:04:15 GMT", 9_500],
    ["Friday, 02-Jan-26 03:04:15 GMT", 9_500],
    ["Fri, 02 Jan 2026 03:04:05 GMT", 0],
    ["Thu, 01 Jan 1970 00:00:00 GMT", 0],
    ["2026-01-02T03:04:15Z", undefined],
  ])("reads %j", (value, ms) => expect(parseRetryAfter(value, now)).toBe(ms));
});

describe("delayInHeaders", () => {
  it.each<[Record<string, string>, number | undefined]>([
    [{}, undefined],
    [{ "retry-after": "2" }, 2_000],
    [{ "retry-after-ms": "350", "retry-after": "1" }, 350],
    [{ "retry-after-ms": "soon", "retry-after": "1" }, 1_000],
    [{ "retry-after-ms": "-1" }, undefined],
  ])("reads %j", (headers, ms) => expect(delayInHeaders(headers, 0)).toBe(ms));
});
