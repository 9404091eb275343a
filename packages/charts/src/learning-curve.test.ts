import { CURVES } from "@rrr/runs";
import { expect, test } from "vitest";
import { someCurves } from "../test/run-curves.ts";
import { CURVE_TEXTS, CURVES_ORDER } from "./curve-names.ts";
import { newDocument } from "./files/new-document.ts";
import { learningCurve } from "./learning-curve.ts";
import { learningCurves, notesOf } from "./learning-curves.ts";
import { SERIES } from "./look.ts";

interface Drawn {
  readonly outerHTML: string;
  readonly textContent: string;
  querySelectorAll(
    selector: string,
  ): Iterable<{ readonly textContent: string; getAttribute(name: string): string }>;
}

const document = newDocument();
const one = [{ label: "one", curves: someCurves() }];

test("every curve of a run has a name and a place", () => {
  expect(CURVES_ORDER).toEqual(CURVES);
});

test("a curve is drawn with its unit, and its line breaks where a step has no figure", () => {
  const chart = learningCurve(one, "entropy", { document }) as unknown as Drawn;
  expect(chart.textContent).toContain("entropy of reflections (nats/token)");
  expect(chart.textContent).toContain("training step");
  const [line] = [...chart.querySelectorAll("g[aria-label=line] path")];
  // Two strokes: steps 1 and 2, steps 4 to 6.
  expect(line?.getAttribute("d").match(/M/g)).toHaveLength(2);
  expect(chart.outerHTML).not.toContain("<style");
});

test("a figure that is only bounded has a dotted bar, and no point on the line", () => {
  const chart = learningCurve(one, "retries", { document }) as unknown as Drawn;
  expect(chart.outerHTML).toContain('stroke-dasharray="1 2"');
  const lines = [...chart.querySelectorAll("g[aria-label=line] path")].map((path) => path.getAttribute("d"));
  expect(lines[0]?.match(/M/g)).toHaveLength(2);
  const whole = someCurves();
  const retries = (whole.curves.retries ?? []).filter(({ bounds }) => bounds === undefined);
  const other = learningCurve([{ label: "b", curves: { ...whole, curves: { retries } } }], "retries", {
    document,
  });
  expect((other as unknown as Drawn).outerHTML).not.toContain('stroke-dasharray="1 2"');
});

test("runs one over another differ in colour and dashes; what no run has is no panel", () => {
  const runs = SERIES.map((_, i) => ({ label: `run ${i}`, curves: someCurves() }));
  const picture = learningCurves(runs, { document, title: "Six" }) as unknown as Drawn;
  for (const { colour } of SERIES) expect(picture.outerHTML).toContain(`stroke="${colour}"`);
  expect(new Set(SERIES.map(({ dashes }) => dashes)).size).toBe(SERIES.length);
  expect(new Set(SERIES.map(({ symbol }) => symbol)).size).toBe(SERIES.length);
  for (const { label } of runs) expect(picture.textContent).toContain(label);
  expect(picture.textContent).not.toContain(CURVE_TEXTS.kl.title);
  expect(learningCurve(runs, "kl", { document })).toBeUndefined();
});

test("notes say how to read what is there, and only that", () => {
  const [note] = notesOf(one);
  expect(note).toMatch(
    /Large filled symbols.*Small open symbols.*95 % intervals.*bounds of 1 figures.*cut off/,
  );
  expect(note).not.toMatch(/diverged|last step/);
  const [open] = notesOf([{ label: "b", curves: someCurves({ plannedSteps: 9 }) }]);
  expect(open).toContain("Not at its last step: b.");
  const [ended] = notesOf([{ label: "b", curves: someCurves({ plannedSteps: 9, divergedAt: 6 }) }]);
  expect(ended).toContain("Dotted line at step 6: training of b diverged and was ended.");
  expect(ended).not.toContain("last step");
});
