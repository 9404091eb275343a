import { describe, expect, it } from "vitest";
import { definePlugin, type OptionSchema, oneOf, type Plugin, schemaOf } from "./index.ts";

interface Options {
  readonly sign?: "plus" | "minus";
  readonly most?: number;
}

const most: OptionSchema<number> = {
  "~standard": {
    version: 1,
    vendor: "test",
    validate: (value) => {
      const number = Number(value);
      return Number.isNaN(number)
        ? { issues: [{ message: "no number", path: ["a", { key: 0 }] }] }
        : { value: number };
    },
  },
};

const sums: Plugin<Options, object> = definePlugin({
  name: "sums",
  options: { sign: oneOf("plus", "minus"), most },
  create: (options) => options,
});

describe("definePlugin", () => {
  it("hands over what the schemas put out, and nothing for what is left out", () => {
    expect(sums()).toEqual({});
    expect(sums({ sign: "minus", most: "4" as never })).toStrictEqual({ sign: "minus", most: 4 });
    expect(sums({ sign: undefined as never })).toStrictEqual({});
  });

  it("says what the options are", () => {
    expect(Object.keys(sums.options)).toEqual(["sign", "most"]);
    expect(sums.options.sign.description).toBe("one of plus, minus");
  });

  it.each([
    [{ sing: "plus" }, 'task "sums" has no option "sing"', 'Did you mean "sign"? It has sign, most.'],
    [
      { sign: "minsu" },
      'option "sign" of task "sums" must be one of plus, minus (did you mean minus?), got "minsu"',
    ],
    [{ sign: {} }, 'option "sign" of task "sums" must be one of plus, minus, got {}'],
    [{ most: "x" }, 'option "most" of task "sums" a.0: no number, got "x"'],
  ])("refuses %j", (options, message, hint?: string) => {
    expect(() => sums(options as Options)).toThrow(
      expect.objectContaining({ code: "bad-argument", message, hint }),
    );
  });

  it("refuses a schema that answers with a promise: a factory need not be asynchronous", () => {
    const late: OptionSchema<number> = {
      "~standard": { version: 1, vendor: "test", validate: async () => ({ value: 1 }) },
    };
    const plugin = definePlugin<{ late?: number }, object>({
      name: "x",
      options: { late },
      create: (o) => o,
    });
    expect(() => plugin({ late: 1 })).toThrow(expect.objectContaining({ code: "bad-task" }));
  });

  it("is typed by its options", () => {
    const isNumber = (value: unknown): value is number => typeof value === "number";
    const number = schemaOf(isNumber, "a number");
    // @ts-expect-error: an option without a schema
    definePlugin<Options, object>({ name: "x", options: { most: number }, create: (options) => options });
    // @ts-expect-error: a schema of another type
    definePlugin<Options, object>({ name: "x", options: { sign: number, most: number }, create: (o) => o });
  });
});
