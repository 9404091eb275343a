/** A real thread, from the built package: `npm test` builds it first. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pass } from "@rrr/core";
import { openRunReader } from "@rrr/runs";
import { expect, onTestFinished, test } from "vitest";
import { createRunStore } from "../../../runs/src/store/run-store.ts";
import { runHeader } from "../../../runs/test/run-header.ts";
import { createFigures } from "./figures.ts";
import { resultAnswer } from "./run-answers.ts";

function run(): string {
  const folder = mkdtempSync(join(tmpdir(), "rrr-figures-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const store = createRunStore(folder, runHeader("even", { kind: "evaluate", problems: 3 }));
  const record = store.record("evaluate");
  for (let problem = 0; problem < 3; problem++) {
    const attempt = { prompt: [], completion: { text: "x", finish: "stop" }, verdict: pass() } as const;
    const episode = { kind: "solved", item: problem, attempt } as const;
    record.add({
      part: "episodes",
      problem,
      sample: 0,
      episode,
      outcomes: { first: true, after: true },
      seconds: 0,
    });
  }
  store.end("finished");
  store.close();
  return folder;
}

test("a thread says the same, once for each version, and its errors keep their codes", async () => {
  const folder = run();
  const figures = createFigures();
  onTestFinished(() => figures.close());
  const reader = openRunReader(folder);
  const [here, curves] = [resultAnswer(reader), reader.curves()];
  reader.close();
  expect(here.kind).toBe("result");
  const asked = { kind: "result", folder } as const;
  const first = figures.of(asked, "1");
  // While it is on its way, nobody starts another.
  expect(figures.of(asked, "2")).toBe(first);
  expect(await first).toEqual(here);
  expect(figures.of(asked, "1")).toBe(first);
  const second = figures.of(asked, "2");
  expect(second).not.toBe(first);
  expect(await second).toEqual(here);
  expect(await figures.of({ kind: "curves", folder }, "1")).toEqual(curves);
  const side = { id: "a", folder, stage: undefined };
  expect(await figures.of({ kind: "compare", a: side, b: side }, "1")).toMatchObject({ problems: 3 });
  const missing = { kind: "curves", folder: join(folder, "nowhere") } as const;
  await expect(figures.of(missing, "1")).rejects.toMatchObject({ code: "bad-run", message: /is not a run/ });
  const late = figures.of(asked, "3");
  figures.close();
  await expect(late).rejects.toMatchObject({ code: "runtime-failed" });
});
