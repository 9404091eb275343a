import { createRandom } from "@rrr/core";
import { describe, expect, test } from "vitest";
import { callOf, drawRequest } from "../generate/request.ts";
import { small } from "./small.ts";

const slotsIn = (part: string): readonly string[] =>
  [...part.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? "");

describe.each(small.apis.map((api) => [api.name, api] as const))("%s", (_, api) => {
  test("is asked for with all that it requires, and options in brackets", () => {
    const required = api.parameters.filter((each) => each.required).map(({ name }) => name);
    const options = api.parameters.filter((each) => !each.required).map(({ name }) => name);
    expect(api.requests.length).toBeGreaterThan(1);
    for (const request of api.requests) {
      expect(slotsIn(request.replaceAll(/\[.+?\]/g, "")).toSorted()).toEqual(required.toSorted());
      const inBrackets = [...request.matchAll(/\[(.+?)\]/g)].flatMap(([, part]) => slotsIn(part ?? ""));
      expect(inBrackets.toSorted()).toEqual(options.toSorted());
    }
  });

  test("means different values by different words", () => {
    const random = createRandom(1);
    for (const parameter of api.parameters) {
      const meant = new Map<string, unknown>();
      for (let i = 0; i < 300; i++) {
        const { value, words } = parameter.say(random);
        expect(meant.get(words) ?? value).toBe(value);
        meant.set(words, value);
      }
    }
  });
});

const fromAndTo = small.apis.filter(({ parameters }) => {
  const names = parameters.map(({ name }) => name);
  return names.includes("from") && names.includes("to");
});

describe.each(fromAndTo.map((api) => [api.name, api] as const))("%s", (_, api) => {
  test("never goes from something to itself", () => {
    const random = createRandom(2);
    for (let i = 0; i < 100; i++) {
      const { from, to } = callOf(drawRequest(api, random)).arguments;
      expect([from, to]).toEqual([expect.any(String), expect.any(String)]);
      expect(from).not.toBe(to);
    }
  });
});

test("goes from one thing to another in three functions", () => {
  const names = new Set(fromAndTo.map(({ name }) => name));
  expect(names).toEqual(new Set(["find_flights", "find_trains", "convert_money"]));
});

test("is eighteen functions in seven domains", () => {
  expect(new Set(small.apis.map(({ name }) => name)).size).toBe(18);
  expect(new Set(small.apis.map(({ domain }) => domain)).size).toBe(7);
});
