import { type EvaluationSummary, resultBars, toResult } from "@rrr/runs";
import { expect, test } from "vitest";
import { after, before, evaluation, header } from "../../runs/test/evaluations.ts";
import { someCurves } from "../test/run-curves.ts";
import { resultChart } from "./bars.ts";
import { fontFile } from "./files/font.ts";
import { newDocument } from "./files/new-document.ts";
import { openType } from "./files/open-type.ts";
import { pngBytes } from "./files/png-bytes.ts";
import { svgText } from "./files/svg-text.ts";
import { learningCurves } from "./learning-curves.ts";

const document = newDocument();
const curves = (label: string): object =>
  learningCurves(
    [
      { label, curves: someCurves() },
      { label: "b", curves: someCurves() },
    ],
    { document, title: label },
  );

test("an SVG needs nothing from elsewhere", async () => {
  const text = await svgText(curves("plain"));
  expect(text.match(/<svg/g)?.length).toBeGreaterThan(3);
  expect(text).toContain("data:font/woff2;base64,");
  expect(text.replaceAll("http://www.w3.org/2000/svg", "")).not.toMatch(
    /https?:|currentColor"[^>]*color="currentColor/,
  );
  expect(text).toMatch(/^<svg[^>]* color="#1a1a1a"><style>/);
});

test.each([
  '<script>alert(1)</script> & "x"',
  "\u0000\u001b[31m\ud800",
  "🙂 漢字 ".repeat(60),
  "x".repeat(400),
])("a run may be called %j", async (label) => {
  const text = await svgText(curves(label));
  expect(text).not.toContain("<script");
  const png = await pngBytes(curves(label), 1);
  expect(png.subarray(1, 4).toString()).toBe("PNG");
  expect(png.readUInt32BE(16)).toBe(960);
});

test("a PNG has letters in it, the same ones each time", async () => {
  const bars = (title: string): Promise<Buffer> =>
    pngBytes(resultChart(resultBars(toResult(header, evaluation(before))), { document, title }), 1);
  const picture = await bars("Q");
  expect(await bars("Q")).toEqual(picture);
  expect(await bars("O")).not.toEqual(picture);
});

test("the font that is unpacked is the one that was packed", async () => {
  const font = openType(await fontFile(400, "woff"));
  const tables = font.readUInt16BE(4);
  expect(tables).toBeGreaterThan(8);
  for (let i = 0; i < tables; i++) {
    const entry = 12 + i * 16;
    const tag = font.toString("latin1", entry, entry + 4);
    const [checksum, offset, length] = [4, 8, 12].map((at) => font.readUInt32BE(entry + at)) as [
      number,
      number,
      number,
    ];
    const bytes = Buffer.from(font.subarray(offset, offset + length));
    // The table `head` holds a sum over the whole file, which its own leaves out.
    if (tag === "head") bytes.writeUInt32BE(0, 8);
    expect(`${tag} ${sumOf(bytes)}`).toBe(`${tag} ${checksum}`);
  }
  expect(() => openType(Buffer.from("wOF2....................."))).toThrow("no WOFF");
});

test("bars say what the table says: bounds, what was not measured, what errored", () => {
  const result = toResult(header, evaluation(before, 2), evaluation(after, 2));
  const bars = resultBars(result);
  const chart = resultChart(bars, { document }) as unknown as {
    readonly textContent: string;
    readonly outerHTML: string;
  };
  for (const { label, before: first, after: then } of bars.measures) {
    for (const text of [label, first.text, then?.text ?? ""]) expect(chart.textContent).toContain(text);
  }
  expect(bars.measures.map(({ measure }) => measure)).not.toContain("leak");
  expect(bars.measures.find(({ measure }) => measure === "matched")?.after?.text).toBe("not measured");
  expect(chart.textContent).toContain("Dotted ends of bars: bounds");
  expect(chart.textContent).toContain("Errored problems: 2 before, 2 after.");
  expect(chart.textContent).toContain("before training");
  const whole = resultChart(resultBars(toResult(header, evaluation(before))), { document });
  expect((whole as unknown as { readonly textContent: string }).textContent).not.toMatch(
    /bounds|before training/,
  );
});

test("an unfinished run is said to be one", () => {
  const summary = { ...evaluation(before, 0), done: 40 } satisfies EvaluationSummary;
  const { notes } = resultBars(toResult({ ...header, steps: 0 }, summary), "stopped");
  expect(notes.join(" ")).toContain("This run is not finished (stopped): 40 of 100 problems are done");
});

/** The font's sum of 32-bit words. */
function sumOf(bytes: Buffer): number {
  const padded = Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
  let sum = 0;
  for (let at = 0; at < padded.length; at += 4) sum = (sum + padded.readUInt32BE(at)) >>> 0;
  return sum;
}
