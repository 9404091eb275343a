import * as charts from "@rrr/charts";
import * as files from "@rrr/charts/files";
import { expect, it } from "vitest";
import manifest from "../package.json" with { type: "json" };

// To add a name here is to promise it; to remove one is to break somebody's program.
it("@rrr/charts exports this and nothing else", () => {
  expect(Object.keys(charts).toSorted()).toEqual([
    ...[
      "AFTER",
      "BEFORE",
      "CURVE_TEXTS",
      "SERIES",
      "learningCurve",
      "learningCurves",
      "notesOf",
      "resultChart",
    ],
    "seriesOf",
  ]);
});

it("@rrr/charts/files exports this and nothing else", () => {
  expect(Object.keys(files).toSorted()).toEqual(["newDocument", "pngBytes", "svgText"]);
});

it("@rrr/charts has these entries and no other", () => {
  expect(Object.keys(manifest.exports)).toEqual([".", "./files", "./package.json"]);
});
