import { describe, expect, it } from "vitest";
import { JsonNumber } from "../../json/json.ts";
import { parseAccepted } from "./accepted.ts";

describe("parseAccepted", () => {
  it("reads JSON text, digits kept, and values", () => {
    const [call] = parseAccepted('[{"f": {"n": [12345678901234567890, ""]}}]');
    expect(call?.name).toBe("f");
    expect(call?.arguments.get("n")).toEqual([new JsonNumber("12345678901234567890"), ""]);
    expect(parseAccepted([{ f: { n: [1] } }, { g: {} }]).map(({ name }) => name)).toEqual(["f", "g"]);
  });

  it.each([
    ["ground_truth is no JSON: ", "[{"],
    ["ground_truth must be a list of calls, got an object", { f: {} }],
    ["ground_truth[0] must be", ["f"]],
    ["ground_truth[1] must be", [{ f: {} }, { f: {}, g: {} }]],
    ['ground_truth[0] must be {"function"', [{}]],
    ["ground_truth[0].f must be an object of arguments, got an array", [{ f: [1] }]],
    ["ground_truth[0].f.n must be a list of alternatives, got a number", [{ f: { n: 5 } }]],
    ["at most 64", Array.from({ length: 65 }, () => ({ f: {} }))],
    ["ground_truth is a value that is no JSON", [{ f: { n: [Number.NaN] } }]],
    ["ground_truth is a value that is no JSON", undefined],
  ])("refuses what is no ground truth: %s", (message, groundTruth) => {
    expect(() => parseAccepted(groundTruth)).toThrow(
      expect.objectContaining({ code: "bad-item", message: expect.stringContaining(message) }),
    );
  });
});
