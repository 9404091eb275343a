import { expect, test } from "vitest";
import { readJson } from "./read-json.ts";

const read = (text: string) => readJson(Buffer.from(text));
const nested = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;

test("brackets are counted, those in texts are not", () => {
  const text = JSON.stringify(`\\"${nested(2_000)}"\\`);
  expect(read(text)).toBe(JSON.parse(text));
  expect(read(`[${Array(2_000).fill("{}")}]`)).toHaveLength(2_000);
  expect(read(nested(500))).toBeInstanceOf(Array);
  for (const deep of [nested(501), `{"a\\\\":${nested(500)}}`, nested(400_000)]) {
    expect(() => read(deep)).toThrow(
      expect.objectContaining({ status: 400, message: expect.stringContaining("nested more than 500 deep") }),
    );
  }
});
