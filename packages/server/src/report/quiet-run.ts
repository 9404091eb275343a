import { basename } from "node:path";
import { type CurvePoint, figuresOfRun, type RunCurves, type RunReader, runState } from "@rrr/runs";
import type { CurvesAnswer, ResultAnswer, RunAnswer } from "../view/api.ts";
import { resultAnswer, runAnswer } from "../view/run-answers.ts";
import type { Scrub } from "./scrub.ts";
import { toldSettings } from "./told-settings.ts";

/** Points of a curve that a report has at most: more than a screen shows. */
const MOST_POINTS = 400;

/** What a report tells of a run, and how many of its settings it does not. */
export function quietRun(
  reader: RunReader,
  id: string,
  scrub: Scrub,
): { readonly answer: RunAnswer; readonly left: number } {
  const { folder } = reader.run;
  const { status, ...figures } = figuresOfRun(folder);
  const line = { id, name: basename(folder), ...figures, state: runState({ status, folder }) };
  const answer = runAnswer(reader, line);
  const { told, left } = toldSettings(answer.settings, scrub);
  const { task, model, failure, changes } = answer;
  return {
    answer: {
      ...answer,
      name: scrub.text(answer.name),
      ...(task === undefined ? {} : { task: scrub.text(task) }),
      ...(model === undefined ? {} : { model: quietModel(model, scrub) }),
      ...(failure === undefined ? {} : { failure: scrub.message(failure) }),
      version: scrub.text(answer.version),
      changes: changes.map(scrub.message),
      settings: told,
      folder: "",
    },
    left,
  };
}

/** A model's own name is what its folder is called. */
export function quietModel(model: string, scrub: Scrub): string {
  const [, source = "", name = model] = /^([a-z]+:)?(.*)$/s.exec(model) ?? [];
  const isFolder = /^(?:[/\\.~]|[a-z]:[/\\])/i.test(name);
  return scrub.text(
    isFolder ? `${source}${name.split(/[/\\]/).findLast((part) => part !== "") ?? ""}` : model,
  );
}

export function quietResult(reader: RunReader, scrub: Scrub): ResultAnswer {
  const answer = resultAnswer(reader);
  if (answer.kind === "none") return { kind: "none", why: scrub.message(answer.why) };
  const changes = new Set(reader.run.changes);
  // What was changed is told in words of whoever found it.
  const findings = answer.findings.map((line) =>
    [...changes].some((change) => line.includes(change)) ? scrub.message(line) : line,
  );
  return { ...answer, findings };
}

/** Steps that a curve of a report goes on by, so that it stays small; 1: it has all. */
export function stepsPerPoint({ curves }: RunCurves): number {
  const longest = Math.max(0, ...Object.values(curves).map((points) => points.length));
  return Math.ceil(longest / MOST_POINTS) || 1;
}

/** Evaluations, probes and the last step stay. */
export function thinCurves(curves: RunCurves, by: number): CurvesAnswer {
  const thin = (points: readonly CurvePoint[]): readonly CurvePoint[] =>
    points.filter(({ step, of }, i) => of !== "step" || step % by === 0 || i === points.length - 1);
  return {
    ...curves,
    curves: Object.fromEntries(Object.entries(curves.curves).map(([name, points]) => [name, thin(points)])),
  };
}
