import { describe, expect, it } from "vitest";
import { delayInError } from "./retry-delay.ts";

describe("delayInError", () => {
  it.each<[string, number | undefined]>([
    ["Rate limit reached. Please try again in 7m12s. Visit https://example.org.", 432_000],
    ["Please try again in 1.5s.", 1_500],
    ["Please try again in 350ms.", 350],
    ["Please retry in 17.33s.", 17_330],
    ["Please retry after 20 seconds", 20_000],
    ["try again in 1h2m3.5s", 3_723_500],
    ["Please wait 5 s", 5_000],
    ["Wait for about 1 minute.", 60_000],
    ["Retry in 2 minutes and 3 seconds", 123_000],
    ["The limit resets in 2 h", 7_200_000],
    ["Limit 3s. Try again later.", undefined],
    ["try again in 3 moons", undefined],
    ["Wait and see: 90s music", undefined],
    ["", undefined],
    [`try again in ${"1 ".repeat(100_000)}`, undefined],
  ])("reads the words %.80j", (message, ms) => expect(delayInError({}, message)).toBe(ms));

  it("reads Google's RetryInfo, before the words", () => {
    const details = [
      { "@type": "type.googleapis.com/google.rpc.Help", links: [] },
      { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "17s" },
    ];
    expect(delayInError({ details }, "Please retry in 3s.")).toBe(17_000);
    expect(delayInError({ details: [{ retryDelay: 17 }, null] }, "")).toBeUndefined();
  });

  it("reads `retry_after` in seconds", () => {
    expect(delayInError({ retry_after: 1.5 }, "")).toBe(1_500);
    expect(delayInError({ retry_after: -1 }, "")).toBeUndefined();
  });
});
