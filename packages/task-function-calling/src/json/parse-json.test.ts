import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { JsonNumber } from "./json.ts";
import { type JsonReading, parseJson, readJson } from "./parse-json.ts";
import { toPlain } from "./plain.ts";

/** What `JSON.parse` makes of a text; undefined where it refuses. */
function byPlatform(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function byUs(text: string): { readonly value: unknown } | undefined {
  const reading = parseJson(text);
  return reading.kind === "value" ? { value: toPlain(reading.value) } : undefined;
}

function problemOf(reading: JsonReading): unknown {
  return reading.kind === "malformed" ? [reading.problem, reading.at] : reading;
}

describe("parseJson", () => {
  it("agrees with JSON.parse on any value", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), fc.constantFrom("", " ", "\n\t\r"), (text, blank) => {
        const spaced = blank + text + blank;
        expect(byUs(spaced)).toEqual(byPlatform(spaced));
      }),
    );
  });

  it("agrees with JSON.parse on texts that are nearly JSON", () => {
    const pieces = fc.constantFrom(
      ...[
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        '"',
        "a",
        "\\",
        "u00e9",
        "n",
        "1",
        "-",
        "0",
        ".5",
        "e+2",
        "true",
        "null",
        " ",
        "\n",
      ],
    );
    const text = fc.array(pieces, { maxLength: 8 }).map((some) => some.join(""));
    fc.assert(
      fc.property(text, (nearly) => {
        for (const json of [nearly, `[${nearly}]`, `{"a":${nearly}}`, `"${nearly}"`]) {
          expect(byUs(json)).toEqual(byPlatform(json));
        }
      }),
      { numRuns: 500 },
    );
  });

  it("agrees with JSON.parse on single characters in strings", () => {
    for (let code = 0; code < 0x300; code++) {
      const letter = String.fromCharCode(code);
      for (const text of [`"${letter}"`, `"\\${letter}"`, `"\\u${letter}000"`]) {
        expect(byUs(text)).toEqual(byPlatform(text));
      }
    }
  });

  it("keeps the text of numbers, and no key is special", () => {
    expect(parseJson("12345678901234567890.50")).toMatchObject({
      value: new JsonNumber("12345678901234567890.50"),
    });
    const read = byUs('{"__proto__": {"admin": true}}')?.value as object;
    expect(Object.keys(read)).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
  });

  it.each([
    ["NaN", "expected a value", 0],
    ["[1,]", "expected a value", 3],
    ['{"a":1,}', "expected a key in double quotes", 7],
    ["01", "expected nothing after the value", 1],
    ['"a\nb"', "expected the rest of a string", 2],
    ['"a\\x"', "expected an escape of JSON", 2],
    ['{"a":1,"\\u0061":2}', "a key twice in one object", 7],
    ["[".repeat(65), "nested deeper than 64", 64],
    ["1".repeat(1001), "a number of over 1000 characters", 0],
    [`"${"a".repeat(2 ** 20)}"`, "over 1048576 characters", 0],
    ["", "expected a value", 0],
  ])("refuses %.20j", (text, problem, at) => {
    expect(problemOf(parseJson(text))).toEqual([problem, at]);
  });

  it("takes what is just within the caps", () => {
    expect(byUs("[".repeat(64) + "]".repeat(64))).toBeDefined();
    expect(byUs("1".repeat(1000))).toBeDefined();
  });
});

describe("readJson", () => {
  it("stops behind the value", () => {
    expect(readJson('see [1, "]"] there', 4)).toMatchObject({ kind: "value", end: 12 });
  });
});
