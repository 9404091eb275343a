import fc from "fast-check";
import { expect, test } from "vitest";
import { type Line, readLines } from "./read-lines.ts";

async function* of<Chunk>(chunks: readonly Chunk[]): AsyncGenerator<Chunk> {
  yield* chunks;
}

async function collect(chunks: readonly (string | Uint8Array)[], maxLength?: number): Promise<Line[]> {
  const lines: Line[] = [];
  for await (const batch of readLines(of(chunks), maxLength)) lines.push(...batch);
  return lines;
}

test("however the text is cut into chunks, the lines are the same", async () => {
  const text = fc.array(fc.constantFrom("a", "b", "\n", "\r\n", "é", "𝄞"), { maxLength: 30 });
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
      for (const kind of ["text", "bytes"]) {
        const all = kind === "text" ? [...chunks, rest] : inPieces(Buffer.from(whole), cuts);
        const lines = await collect(all);
        expect(lines.map(({ text }) => text)).toEqual(expected);
        expect(lines.map(({ number }) => number)).toEqual(expected.map((_, i) => i + 1));
      }
    }),
  );
});

/** Cut anywhere, within a character too. */
function inPieces(bytes: Buffer, cuts: readonly number[]): readonly Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let start = 0;
  for (const cut of cuts) {
    pieces.push(bytes.subarray(start, start + cut));
    start += cut;
  }
  return [...pieces, bytes.subarray(start)];
}

test.each([
  ["a byte that begins nothing", [0x61, 0xff]],
  ["a character that is cut off", [0xc3]],
  ["a longer form than needed", [0xc0, 0xaf]],
  ["half of a surrogate pair", [0xed, 0xa0, 0x80]],
  ["Latin-1", [...Buffer.from("caf\u00e9", "latin1")]],
  ["beyond Unicode", [0xf4, 0x90, 0x80, 0x80]],
])("what is no UTF-8 is no text, and the lines around it are: %s", async (_, bytes) => {
  const chunks = [Buffer.from("é\n"), Uint8Array.from(bytes), Buffer.from("\n\ufeffb\ufffd\n")];
  expect(await collect(chunks)).toEqual([
    { number: 1, text: "é" },
    { number: 2, text: undefined, broken: "not-utf-8" },
    { number: 3, text: "\ufeffb\ufffd" },
  ]);
});

test("a line beyond the limit is reported without its text, and the next one is read", async () => {
  expect(await collect(["aaaa", "aaaa\nbb", "\n"], 5)).toEqual([
    { number: 1, text: undefined, broken: "too-long" },
    { number: 2, text: "bb" },
  ]);
});
