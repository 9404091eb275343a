import { createRandom, type Random } from "@rrr/core";
import { describe, expect, it } from "vitest";
import type { Parameter, Spoken } from "./api.ts";
import { date, period, time } from "./dates.ts";
import { choice, coded, list, object, optional, text, whole } from "./parameters.ts";
import { phrase, price, steps } from "./ways.ts";

function say(parameter: Pick<Parameter, "say">, times = 500): readonly Spoken[] {
  const random = createRandom(1);
  return Array.from({ length: times }, () => parameter.say(random));
}

describe("date", () => {
  it("says one day in four ways, in the years given", () => {
    const said = say(date("day", "Day", { from: 2027, to: 2027 }));
    const words = new Set(said.filter(({ value }) => value === "2027-03-03").map((each) => each.words));
    const more = say(date("day", "Day", { from: 2027, to: 2027 }), 20_000).filter(
      ({ value }) => value === "2027-03-03",
    );
    for (const { words: each } of more) words.add(each);
    expect([...words].toSorted()).toEqual([
      "2027-03-03",
      "3 March 2027",
      "March 3, 2027",
      "the 3rd of March 2027",
    ]);
    expect(said.every(({ value }) => String(value).startsWith("2027-"))).toBe(true);
  });

  it("says ordinals as people do", () => {
    const ordinals = new Set(
      say(date("day", "Day"), 5_000).flatMap(({ words }) => words.match(/\d+(st|nd|rd|th)/g) ?? []),
    );
    expect(ordinals).toEqual(
      new Set([
        "1st",
        "2nd",
        "3rd",
        "21st",
        "22nd",
        "23rd",
        "31st",
        ...[4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 24, 25, 26, 27, 28, 29, 30].map(
          (day) => `${day}th`,
        ),
      ]),
    );
  });
});

describe("period", () => {
  it("ends so many days after it starts", () => {
    for (const { value } of say(period("stay", ["from", "to"], { min: 2, max: 9 }, "Stay."))) {
      const { from, to } = value as { from: string; to: string };
      const days = (Date.parse(to) - Date.parse(from)) / 86_400_000;
      expect(days).toBeGreaterThanOrEqual(2);
      expect(days).toBeLessThanOrEqual(9);
    }
  });
});

describe("time", () => {
  it("means by am and pm what the 24-hour clock says", () => {
    const said = new Map(say(time("at", "At"), 5_000).map(({ words, value }) => [words, value]));
    expect(said.get("noon")).toBe("12:00");
    expect(said.get("12:30 pm")).toBe("12:30");
    expect(said.get("7 am")).toBe("07:00");
    expect(said.get("9:15 pm")).toBe("21:15");
    expect(said.get("14:30")).toBe("14:30");
  });
});

describe("list", () => {
  const colors = text("color", ["red", "green", "blue"]);

  it("says different values in their order", () => {
    for (const { words, value } of say(list("colors", colors, { min: 1, max: 3 }))) {
      expect(words.split(/, | and /)).toEqual(value);
      expect(new Set(value as readonly string[]).size).toBe((value as readonly string[]).length);
    }
  });
});

describe("object", () => {
  it("leaves out what was not said", () => {
    const fields = [text("street", ["Elm Road"]), optional(text("city", ["Bonn"]))];
    const said = say(object("address", fields, ["{street}[ in {city}]"]));
    expect(new Map(said.map(({ words, value }) => [words, value]))).toEqual(
      new Map<string, unknown>([
        ["Elm Road", { street: "Elm Road" }],
        ["Elm Road in Bonn", { street: "Elm Road", city: "Bonn" }],
      ]),
    );
  });
});

describe("schemas", () => {
  it("list the values of a choice, and not those of a code", () => {
    expect(choice("unit", { C: "Celsius" }).schema).toEqual({ type: "string", enum: ["C"] });
    expect(coded("unit", { C: "Celsius" }, "One letter.").schema).toEqual({
      type: "string",
      description: "One letter.",
    });
  });

  it("declare a default", () => {
    expect(optional(whole("n", [phrase("one", 1)]), 1)).toMatchObject({
      required: false,
      schema: { type: "integer", default: 1 },
    });
  });
});

describe("ways of saying numbers", () => {
  const said = (way: (random: Random) => Spoken) => say({ say: way });

  it("step without the errors of binary fractions", () => {
    expect(new Set(said(steps(0.1, 0.5, 0.1)).map(({ value }) => value))).toEqual(
      new Set([0.1, 0.2, 0.3, 0.4, 0.5]),
    );
  });

  it("give prices their cents", () => {
    for (const { words, value } of said(price(1, 9))) {
      expect(words).toMatch(/^\d\.\d\d$/);
      expect(Number(words)).toBe(value);
    }
  });
});
