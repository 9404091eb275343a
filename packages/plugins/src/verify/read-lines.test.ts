import fc from "fast-check";
import { expect, test } from "vitest";
import { type Line, readLines } from "./read-lines.ts";

async function* of(chunks: readonly string[]): AsyncGenerator<string> {
  yield* chunks;
}

async function collect(chunks: readonly string[], maxLength?: number): Promise<Line[]> {
  const lines: Line[] = [];
  for await (const batch of readLines(of(chunks), maxLength)) lines.push(...batch);
  return lines;
}

test("however the text is cut into chunks, the lines are the same", async () => {
  const text = fc.array(fc.constantFrom("a", "b", "\n", "\r\n", "é"), { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(text, fc.array(fc.nat(5)), async (parts, cuts) => {
      const whole = parts.join("");
      const chunks: string[] = [];
      let rest = whole;
      for (const cut of cuts) {
        chunks.push(rest.slice(0, cut));
        rest = rest.slice(cut);
      }
      const expected = whole.split("\n").map((line) => line.replace(/\r$/, ""));
      if (whole === "" || whole.endsWith("\n")) expected.pop();
      const lines = await collect([...chunks, rest]);
      expect(lines.map(({ text }) => text)).toEqual(expected);
      expect(lines.map(({ number }) => number)).toEqual(expected.map((_, i) => i + 1));
    }),
  );
});

test("a line beyond the limit is reported without its text, and the next one is read", async () => {
  expect(await collect(["aaaa", "aaaa\nbb", "\n"], 5)).toEqual([
    { number: 1, text: undefined },
    { number: 2, text: "bb" },
  ]);
});
