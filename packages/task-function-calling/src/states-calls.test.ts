import { describe, expect, it } from "vitest";
import { statesCalls } from "./states-calls.ts";

const item = {
  query: "Two weeks of weather in Paris, please.",
  tools: [{ name: "forecast", parameters: { type: "object" } }],
  expected: '[{"name": "forecast", "arguments": {"city": "Paris", "days": 14, "hourly": true}}]',
};

describe("statesCalls", () => {
  it.each([
    ["the call itself", item.expected],
    ["all of its parts, in its own words", "tool forecast ok; city Paris ok; days 2*7=14 was 2."],
  ])("sees %s", (_, text) => expect(statesCalls(item, text, "exact")).toBe(true));

  it.each([
    ["a platitude", "I should be more careful next time."],
    ["a number that is part of another", "forecast for Paris, 140 days"],
    ["a missing value", "The city is Paris and the function forecast."],
    ["another function", "forecasts for Paris, 14 days"],
  ])("does not see it in %s", (_, text) => expect(statesCalls(item, text, "exact")).toBe(false));

  it("ends where an argument is an empty text", () => {
    const empty = { ...item, expected: '[{"name": "forecast", "arguments": {"city": "Paris", "note": ""}}]' };
    expect(statesCalls(empty, "forecast Paris", "exact")).toBe(true);
    expect(statesCalls(empty, "forecast", "exact")).toBe(false);
  });

  it("goes by the verifier alone where the calls are not known one by one", () => {
    const accepted = { ...item, expected: '[{"forecast": {"city": ["Paris"], "days": [14, ""]}}]' };
    const call = '[{"name": "forecast", "arguments": {"city": "Paris"}}]';
    expect(statesCalls(accepted, call, "bfcl")).toBe(true);
    expect(statesCalls(accepted, "forecast, Paris, 14", "bfcl")).toBe(false);
  });
});
