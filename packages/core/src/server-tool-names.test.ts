import { expect, test } from "vitest";
import { serverToolNames } from "./server-tool-names.ts";

test.each([
  [
    ["f", "get-weather_2"],
    ["f", "get-weather_2"],
  ],
  [
    ["math.factorial", "a b", "größe"],
    ["math_factorial", "a_b", "gr__e"],
  ],
  [
    ["a.b", "a_b"],
    ["a_b_1", "a_b"],
  ],
  [
    ["a.b", "a/b", "a_b_1"],
    ["a_b_2", "a_b_3", "a_b_1"],
  ],
  [[""], ["_"]],
  [
    ["x".repeat(70), `${"x".repeat(64)}.`],
    [`${"x".repeat(62)}_1`, `${"x".repeat(62)}_2`],
  ],
])("%j are %j to a server", (names, wanted) => {
  expect(serverToolNames(names)).toEqual(wanted);
  expect(new Set(wanted).size).toBe(names.length);
});
