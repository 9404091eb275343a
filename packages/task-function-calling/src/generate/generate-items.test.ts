import { take } from "@rrr/core";
import { describe, expect, test } from "vitest";
import type { Api } from "../apis/api.ts";
import { choice, optional, text } from "../apis/parameters.ts";
import { small } from "../apis/small.ts";
import { verifyFunctionCalls } from "../verify.ts";
import { generateItems } from "./generate-items.ts";
import type { GeneratedItem, World } from "./sample.ts";

const several: World = { ...small, calls: { min: 1, max: 4 }, tools: { min: 2, max: 6 } };

type Expected = readonly { readonly name: string; readonly arguments: Readonly<Record<string, unknown>> }[];

const callsOf = ({ expected }: GeneratedItem): Expected => JSON.parse(expected) as Expected;

test("the seed decides the items", async () => {
  const [one, again, two] = await Promise.all(
    [1, 1, 2].map((seed) => take(generateItems(small, "train", seed), 50)),
  );
  expect(one).toHaveLength(50);
  expect(again).toEqual(one);
  expect(two).not.toEqual(one);
});

describe.each([
  ["one call", small],
  ["several", several],
])("%s", async (_, world) => {
  const train = await take(generateItems(world, "train", 0), 1_000);
  const held = await take(generateItems(world, "test", 0), 100);

  test("splits share no query, no set of functions, and no answer", () => {
    const queries = new Set(train.map(({ query }) => query));
    const tools = (item: GeneratedItem) =>
      item.tools
        .map(({ name }) => name)
        .toSorted()
        .join();
    const sets = new Set(train.map(tools));
    const answers = new Set(train.map(({ expected }) => expected));
    for (const item of held) {
      expect(queries.has(item.query)).toBe(false);
      expect(sets.has(tools(item))).toBe(false);
      expect(answers.has(item.expected)).toBe(false);
    }
  });

  test("no item comes twice", () => {
    const texts = train.map((item) => JSON.stringify(item));
    expect(new Set(texts).size).toBe(texts.length);
  });

  test("the right answer passes, and an answer with a call less does not", () => {
    for (const item of [...train.slice(0, 200), ...held]) {
      expect(verifyFunctionCalls(item, item.expected)).toEqual({ kind: "pass" });
      const fewer = JSON.stringify(callsOf(item).slice(1));
      expect(verifyFunctionCalls(item, fewer).kind).toBe("fail");
    }
  });

  test("as many functions and calls as the world says, names distinct, those called on offer", () => {
    for (const item of train) {
      const names = item.tools.map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
      expect(names.length).toBeGreaterThanOrEqual(world.tools.min);
      expect(names.length).toBeLessThanOrEqual(world.tools.max);
      const calls = callsOf(item);
      expect(calls.length).toBeGreaterThanOrEqual(world.calls.min);
      expect(calls.length).toBeLessThanOrEqual(world.calls.max);
      for (const { name } of calls) expect(names).toContain(name);
    }
  });
});

test("optional arguments are in the answer exactly where they were asked for", async () => {
  for (const item of await take(generateItems(small, "train", 3), 500)) {
    for (const { name, arguments: given } of callsOf(item)) {
      if (name === "find_trains") expect("direct" in given).toBe(/without changing/.test(item.query));
      if (name === "get_weather") expect("unit" in given).toBe(/Celsius|Fahrenheit/.test(item.query));
    }
  }
});

test("enums are spelled as the schema on offer says", async () => {
  const spelled = new Set<unknown>();
  for (const item of await take(generateItems(small, "train", 4), 1_000)) {
    const [call] = callsOf(item);
    if (call?.name === "get_weather" && "unit" in call.arguments) spelled.add(call.arguments.unit);
  }
  expect([...spelled].toSorted()).toEqual(["C", "F", "celsius", "fahrenheit"]);
});

test("a small world is exhausted at last", () => {
  const lamp = (name: string): Api => ({
    domain: "home",
    name,
    description: "Switches a lamp.",
    parameters: [text("room", ["hall", "attic"]), optional(choice("mode", { on: "on", off: "off" }))],
    requests: ["Lamp in the {room}[ {mode}]!"],
  });
  const world: World = {
    apis: [lamp("lamp"), lamp("light")],
    tools: { min: 1, max: 2 },
    calls: { min: 1, max: 1 },
    lookAlikes: 0,
  };
  const items = [...generateItems(world, "train", 0)];
  // Two rooms × three modes, of either function, alone or beside the other, in either order; a part is held out.
  expect(items.length).toBeGreaterThan(0);
  expect(items.length).toBeLessThanOrEqual(36);
});
