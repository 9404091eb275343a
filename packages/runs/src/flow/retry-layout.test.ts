/** Retries in another layout and at another temperature, through a whole run. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { writeModelDir } from "@rrr/trainer";
import { microModel } from "@rrr/trainer/testing";
import { expect, test } from "vitest";
import { project } from "../../../plugins/test/plugin-files.ts";
import { compareRuns } from "../read/compare-runs.ts";
import { openRunReader } from "../read/run-reader.ts";
import { storedResult } from "../read/stored-result.ts";
import { episodeText } from "../report/run-text.ts";
import type { EvaluationRequest, RunRequest, TrainingRequest } from "../spec/to-run-spec.ts";
import { resumeRun, startRun } from "./start-run.ts";

/** Passed by half of all answers. Its retries have a note, unless the run says otherwise. */
const TASK = `
export default {
  spec: "rrr/task@1",
  name: "chance",
  schema: { "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) } },
  *items(split) { for (let n = split === "test" ? 1 : 0; ; n += 2) yield { n }; },
  prompt: ({ n }) => [{ role: "system", content: "Say." }, { role: "user", content: "say " + n }],
  reflect: () => "why?",
  retryLayout: "note",
  limits: { attempt: 4, reflection: 6 },
  verify: (_, completion) => (completion.codePointAt(0) ?? 0) % 2 === 0 ? { kind: "pass" } : { kind: "fail", code: "odd" },
};`;

async function world(): Promise<{
  readonly cwd: string;
  readonly ask: (plan: EvaluationRequest | TrainingRequest, retry?: RunRequest["retry"]) => RunRequest;
}> {
  const cwd = project({ "chance.mjs": TASK });
  await writeModelDir(join(cwd, "model"), microModel(), "F32");
  return {
    cwd,
    ask: (plan, retry = {}) => ({
      ...{ task: { module: "./chance.mjs", isolate: "none" }, model: "./model", plan, retry },
    }),
  };
}

const training: TrainingRequest = {
  ...{ kind: "train", problems: 6, stepsPerCheckpoint: 1 },
  mining: { limit: 8, attempts: 4 },
  train: { steps: 2, failuresPerStep: 4, groupSize: 4 },
};

test("a run that trains keeps what retries were asked, in evaluation and in training, and resumes to the same", async () => {
  const { cwd, ask } = await world();
  const request = ask(training, { temperature: 0 });
  await (await startRun(request, { cwd, out: "whole" })).result();
  const reader = openRunReader(join(cwd, "whole"));
  expect(reader.run.spec?.retry).toEqual({ layout: "note", temperature: 0 });
  const seen = { evaluated: 0, trained: 0, fresh: 0 };
  for (const episode of reader.episodes()) {
    const { stage, part, turns } = episode;
    const retry = turns.find(({ role }) => role === "retry");
    const reflection = turns.find(({ role }) => role === "reflection");
    if (retry === undefined || reflection === undefined) continue;
    const shown = reader.messages(retry);
    expect(shown.map(({ role }) => role)).toEqual(["system", "user"]);
    if (reflection.text !== "") expect(shown[1]?.content).toContain(`<note>\n${reflection.text}\n</note>`);
    seen[stage === "train" ? "trained" : "evaluated"]++;
    // A fresh attempt is a retry without a note.
    for (const fresh of turns.filter(({ role }) => role === "blind")) {
      expect(part).toBe("episodes");
      expect(reader.messages(fresh)).toEqual(reader.messages({ prompt: turns[0]?.prompt ?? null }));
      expect(episodeText(episode)).toMatch(/^── fresh attempt: (pass|fail)/m);
      seen.fresh++;
    }
  }
  expect(Math.min(seen.evaluated, seen.trained, seen.fresh)).toBeGreaterThan(0);
  const result = storedResult(reader);
  expect(result.retry).toEqual({ layout: "note", temperature: 0 });
  expect(result.before.rates.fresh).toMatchObject({ of: 6, missing: 0 });
  expect(result.before.rates.blind).toBeUndefined();
  expect(result.overControls.fresh).toBeDefined();
  reader.close();

  for await (const event of await startRun(request, { cwd, out: "left" })) if (event.kind === "step") break;
  await (await resumeRun("left", { cwd })).result();
  const [whole, left] = ["whole", "left"].map((out) => readFileSync(join(cwd, out, "result.json"), "utf8"));
  expect(left).toBe(whole);
  expect(readFileSync(join(cwd, "whole/report.txt"), "utf8")).toContain(
    "Retries had other conditions than first attempts: in the layout note",
  );
}, 60_000);

test("two runs that asked otherwise for retries are compared, and it is said", async () => {
  const { cwd, ask } = await world();
  const plan = { kind: "evaluate", problems: 6 } as const;
  await (await startRun(ask(plan, { layout: "conversation" }), { cwd, out: "a" })).result();
  await (await startRun(ask(plan), { cwd, out: "b" })).result();
  const { settings, runs, differences } = compareRuns("a", "b", cwd);
  expect(settings).toContainEqual({ setting: "retry layout", values: ["conversation", "note"] });
  expect(runs[0].summary.rates).toHaveProperty("blind");
  expect(runs[1].summary.rates).toHaveProperty("fresh");
  expect(differences).toHaveProperty("after");
  expect(differences).not.toHaveProperty("blind");
  expect(differences).not.toHaveProperty("fresh");
  const first = storedResult(openRunReader(join(cwd, "a")));
  expect(first.retry).toBeUndefined();
}, 60_000);
