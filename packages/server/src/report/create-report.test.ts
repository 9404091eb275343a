/** What a report must not say, and how much it may. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { evaluationRun, trainingRun } from "../../../viewer/test/sample-runs.ts";
import { changeRun } from "../../../viewer/test/strangers.ts";
import type { EpisodeAnswer } from "../view/api.ts";
import { createReport, type ReportSettings } from "./create-report.ts";
import type { ReportData } from "./report-data.ts";

const asset = (text: string) => ({ type: "", body: new TextEncoder().encode(text) });
const assets = new Map([
  ["/a.js", asset("1")],
  ["/a.css", asset("")],
  ["/a.svg", asset("<svg/>")],
]);
const WHOLE: ReportSettings = {
  ...{ assets, episodes: 1_000, maxBytes: 20_000_000, prompts: true, version: "0.1.0" },
};

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "rrr-made-"));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const at = (name: string): string => join(cwd, "runs", name);

function dataOf(html: string): ReportData {
  const [, json = ""] = /<script type="application\/json" id="rrr-report">(.*?)<\/script>/s.exec(html) ?? [];
  return JSON.parse(json) as ReportData;
}

describe("nothing tells where and whose a run is", () => {
  /** Each as a machine, a server or a user would have it. */
  const SECRETS = [
    "/home/mallory/models/qwen-secret",
    "mallory",
    "C:\\Users\\trudy\\data.jsonl",
    "trudy",
    "gpu-17.rack.acme-corp.internal",
    "gpu-17",
    "https://eve:hunter22x@llm.acme-corp.com:8443/v1",
    "hunter22x",
    "acme-corp",
    "10.11.12.13",
    "sk-acme-0123456789abcdef",
    "ACME_LLM_KEY",
    "x-acme-tenant",
    "tenant-4711",
    "peggy@acme-corp.com",
  ];
  const SAID = [
    "see /home/mallory/models/qwen-secret/config.json and C:\\Users\\trudy\\data.jsonl",
    "gpu-17.rack.acme-corp.internal:9000 (gpu-17) at 10.11.12.13 did not answer",
    "POST https://eve:hunter22x@llm.acme-corp.com:8443/v1/chat/completions",
    "key sk-acme-0123456789abcdef of ACME_LLM_KEY, x-acme-tenant: tenant-4711, peggy@acme-corp.com",
  ];

  beforeAll(() => {
    // In problems, prompts, answers, thoughts, tools, reasons, errors.
    trainingRun(cwd, "leaky", SAID, 3);
    trainingRun(cwd, "leaky-too", SAID, 3);
    for (const name of ["leaky", "leaky-too"]) {
      const spec = {
        "task.module": "/home/mallory/models/qwen-secret/task.ts",
        "task.options.data": "C:\\Users\\trudy\\data.jsonl",
        "task.options.mallory": 1,
        "model.name": "/home/mallory/models/qwen-secret",
        "model.folder": "/home/mallory/models/qwen-secret",
        "model.baseUrl": "https://eve:hunter22x@llm.acme-corp.com:8443/v1",
        "model.apiKeyEnv": "ACME_LLM_KEY",
        "model.prices": "/home/mallory/prices.json",
        "model.headers": { "x-acme-tenant": "tenant-4711" },
        "model.body": { user: "peggy@acme-corp.com", routed: "gpu-17" },
        "engine.options.server": "gpu-17.rack.acme-corp.internal",
        "plan.train.note": "for trudy",
        "plan.train.optimizer": "sk-acme-0123456789abcdef",
      };
      const identity = {
        task: { name: "countdown", problems: 4, notes: [SAID[0]], file: "/home/mallory/task.ts" },
        model: { settings: { served: { host: "gpu-17", owned_by: "mallory" } }, model: name },
        changes: [`the model is at ${SAID[1]}`],
      };
      const columns = {
        plugin: "/home/mallory/models/qwen-secret/task.ts",
        model: "/home/mallory/models/qwen-secret",
        error: SAID.join("; "),
        identity: JSON.stringify(identity),
        status: "failed",
      };
      changeRun(at(name), columns, spec);
    }
  });

  test.each([
    ["a run", ["leaky"], true],
    ["without prompts", ["leaky"], false],
    ["two runs", ["leaky", "leaky-too"], true],
  ] as const)("%s", (_, names, prompts) => {
    const { html } = createReport(names.map(at), { ...WHOLE, prompts });
    const { answers } = dataOf(html);
    // There is something to look through.
    expect(Object.keys(answers).filter((path) => /episodes\/\d+$/.test(path)).length).toBeGreaterThan(15);
    expect(html).toContain("[path]");
    expect(html).toContain("[address]");
    const found = html.toLowerCase();
    expect(SECRETS.filter((secret) => found.includes(secret.toLowerCase()))).toEqual([]);
    // As JSON has it, twice too.
    expect(found).not.toMatch(/users\\+trudy|qwen-secret\/|acme/);
    expect(html).not.toContain(cwd);
  });

  test("the name of a model's folder stays, and plain settings do", () => {
    const { answers, settingsLeftOut } = dataOf(createReport([at("leaky")], WHOLE).html);
    const run = answers["/api/runs/1"] as { readonly model: string; readonly settings: readonly object[] };
    expect(run.model).toBe("qwen-secret");
    expect(run.settings).toContainEqual(expect.objectContaining({ setting: "training groupSize", value: 4 }));
    expect(settingsLeftOut).toBeGreaterThan(10);
  });
});

describe("prompts", () => {
  const TEXTS = ["alpha", "beta", "gamma", "delta"];

  test("without them no problem, conversation, function or reason of the checker is in it", () => {
    trainingRun(cwd, "told", TEXTS, 2);
    trainingRun(cwd, "told-too", TEXTS, 2);
    for (const names of [["told"], ["told", "told-too"]]) {
      const { html } = createReport(names.map(at), { ...WHOLE, prompts: false });
      expect(html).not.toMatch(
        /system (alpha|beta)|problem \d (alpha|beta|gamma)|detail (alpha|beta)|reflect (alpha|beta)/,
      );
      expect(html).not.toMatch(/\{\\"problem|description/);
      expect(html).toContain("reflection 1 beta");
    }
    expect(createReport([at("told")], WHOLE).html).toMatch(/system alpha.*problem 0 alpha/s);
  });

  test("no episodes: no text at all", () => {
    const { html, runs } = createReport([at("told")], { ...WHOLE, prompts: false, episodes: 0 });
    expect(html).not.toMatch(/alpha|beta|gamma|delta/);
    expect(runs).toEqual([{ name: "told", episodes: 0, of: 17 }]);
  });
});

describe("how much is in it", () => {
  const KINDS = ["solved", "fail-pass", "fail-fail", "errored"];
  const pathsIn = (html: string): readonly string[] =>
    dataOf(html).runs["1"]?.entries.map(({ path }) => path) ?? [];

  beforeAll(() => {
    evaluationRun(
      cwd,
      "large",
      Array.from({ length: 120 }, (_, i) => `${i} ${"many words ".repeat(300)}`),
    );
  });

  test("never more than it may be, every path as often as there is room, the same each time", () => {
    const sizes = [150_000, 300_000, 700_000].map((maxBytes) => {
      const settings = { ...WHOLE, maxBytes };
      const { html, bytes, runs } = createReport([at("large")], settings);
      expect(bytes).toBe(Buffer.byteLength(html));
      expect(bytes).toBeLessThanOrEqual(maxBytes);
      const paths = pathsIn(html);
      const counts = KINDS.map((kind) => paths.filter((path) => path === kind).length);
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
      expect(runs[0]).toEqual({ name: "large", episodes: paths.length, of: 120 });
      expect(pathsIn(createReport([at("large")], settings).html)).toEqual(paths);
      return paths.length;
    });
    expect(sizes[0]).toBeGreaterThanOrEqual(4);
    expect(sizes[0]).toBeLessThan(sizes[1] ?? 0);
    expect(sizes[1]).toBeLessThan(sizes[2] ?? 0);
  });

  test("most episodes, and another seed", () => {
    const ids = (seed: number): readonly number[] | undefined =>
      dataOf(createReport([at("large")], { ...WHOLE, episodes: 8, seed }).html).runs["1"]?.entries.map(
        ({ id }) => id,
      );
    expect(ids(0)).toHaveLength(8);
    expect(ids(1)).not.toEqual(ids(0));
  });

  test("a long text says how long it was", () => {
    evaluationRun(
      cwd,
      "long",
      Array.from({ length: 3 }, () => "many words ".repeat(500)),
    );
    const { answers } = dataOf(createReport([at("long")], WHOLE).html);
    const { turns } = answers["/api/runs/1/episodes/1"] as EpisodeAnswer;
    expect(turns[0]?.text).toEqual({ text: expect.stringMatching(/^attempt 0 .{3990}$/), length: 5_510 });
  });

  test.each([
    [{ maxBytes: 2_500 }, "the figures alone take"],
    [{ assets: new Map() }, "the page has 0 files"],
  ])("%o is refused", (settings, message) => {
    expect(() => createReport([at("large")], { ...WHOLE, ...settings })).toThrow(message);
  });

  test("three runs are refused, and two of different tasks", () => {
    expect(() => createReport([at("large"), at("large"), at("large")], WHOLE)).toThrow("one run or of two");
    evaluationRun(cwd, "other", ["a", "b"], { task: "odd" });
    expect(() => createReport([at("large"), at("other")], WHOLE)).toThrow("no problem in common");
  });
});
