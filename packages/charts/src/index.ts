// One panel, for a page that lays panels out itself.

export { CURVE_TEXTS } from "./curve-names.ts";
export { type CurveRun, type CurveSettings, learningCurve } from "./learning-curve.ts";

// Whole pictures.

export { resultChart } from "./bars.ts";
export { learningCurves, notesOf, type PictureSettings } from "./learning-curves.ts";

// What they look like.

export { AFTER, BEFORE, SERIES, type Series, seriesOf } from "./look.ts";
export type { DocumentLike, ElementOf } from "./svg.ts";
