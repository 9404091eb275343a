import { shownAnswer, shownItem } from "@rrr/core";
import { expect, it } from "vitest";
import { functionCalling } from "./function-calling.ts";
import type { FunctionCallItem } from "./item.ts";

const weather = {
  name: "get_weather",
  description: "Tells the weather.",
  parameters: {
    type: "object",
    properties: { city: { type: "string" }, days: { type: "integer", default: 1 } },
    required: ["city"],
  },
};
const call = (city: string, more = {}): object => ({ name: "get_weather", arguments: { city, ...more } });
const item: FunctionCallItem = {
  query: "How is it in Rome and Oslo?",
  tools: [weather],
  expected: [call("Rome"), call("Oslo")],
};
const task = functionCalling();
const shown = (answer: unknown) => shownAnswer(task, item, JSON.stringify(answer));

it("says the request, what is on offer, and what is expected", async () => {
  expect(await shownItem(task, item)).toEqual({
    description: "How is it in Rome and Oslo?",
    rows: [
      ["get_weather", "(city: string, days?: integer): Tells the weather."],
      ["expected", 'get_weather(city: "Rome")'],
      ["expected", 'get_weather(city: "Oslo")'],
    ],
  });
});

it("sets each call beside the expected one that is closest, in any order, and marks what differs", async () => {
  expect((await shown([call("Oslo", { days: 1 }), call("Milan", { unit: "C" })]))?.rows).toEqual([
    ["get_weather", "", "right"],
    ["  city", '"Oslo"', "right"],
    ["  days", "1", "right"],
    ["get_weather", "", "wrong"],
    ["  city", '"Milan"; "Rome" is expected', "wrong"],
    ["  unit", '"C"; it is not wanted', "wrong"],
  ]);
  expect((await shown([{ name: "sing", arguments: {} }, call("Rome")]))?.rows).toEqual([
    ["sing", "()", "wrong"],
    ["get_weather", "", "right"],
    ["  city", '"Rome"', "right"],
    ["missing: get_weather", '(city: "Oslo")', "wrong"],
  ]);
  expect((await shown([]))?.description).toBe("An empty list of calls.");
  expect((await shownAnswer(task, item, "It is sunny."))?.description).toBe(
    "No calls: no call outside <think>.",
  );
});

it("leaves what a leaderboard accepts to the verdict", async () => {
  const bfcl = functionCalling({ mode: "bfcl" });
  const accepted = { ...item, expected: [{ get_weather: { city: ["Rome", "Roma"], days: ["", 1] } }] };
  const rows = [["accepted", 'get_weather(city: "Rome" or "Roma", days: "" or 1)']];
  expect((await shownItem(bfcl, accepted))?.rows?.slice(1)).toEqual(rows);
  expect((await shownAnswer(bfcl, accepted, JSON.stringify([call("Roma")])))?.rows).toEqual([
    ["get_weather", '(city: "Roma")'],
    ...rows,
  ]);
});
