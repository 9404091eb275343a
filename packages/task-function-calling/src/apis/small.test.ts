import { createRandom } from "@rrr/core";
import { describe, expect, test } from "vitest";
import { drawRequest } from "../generate/request.ts";
import { small } from "./small.ts";

const slotsIn = (part: string): readonly string[] =>
  [...part.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? "");

describe.each(small.apis.map((api) => [api.name, api] as const))("%s", (_, api) => {
  test("is asked for with all that it requires, and options in brackets", () => {
    const required = api.parameters.filter((each) => each.required).map(({ name }) => name);
    const options = api.parameters.filter((each) => !each.required).map(({ name }) => name);
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

  test("makes sense", () => {
    const random = createRandom(2);
    for (let i = 0; i < 100; i++) {
      const { said } = drawRequest(api, random);
      const { from, to } = said;
      if (from && to) expect(from.value).not.toEqual(to.value);
    }
  });
});

test("is eighteen functions in seven domains", () => {
  expect(new Set(small.apis.map(({ name }) => name)).size).toBe(18);
  expect(new Set(small.apis.map(({ domain }) => domain)).size).toBe(7);
});
