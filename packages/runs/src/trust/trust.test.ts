import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { writeModelDir } from "@rrr/trainer";
import { microModel } from "@rrr/trainer/testing";
import { expect, onTestFinished, test, vi } from "vitest";
import { project } from "../../../plugins/test/plugin-files.ts";
import { resumeRun, startRun } from "../flow/start-run.ts";
import { type RunRequest, toRunSpec } from "../spec/to-run-spec.ts";
import { isKnown, rememberRun, stateFolder } from "./known-runs.ts";
import { wantedBy } from "./wanted.ts";

const evaluate = { kind: "evaluate", problems: 1 } as const;
const wanted = (request: Partial<RunRequest>) =>
  wantedBy(toRunSpec({ task: "countdown", plan: evaluate, ...request }, "/work"), "/work").map(
    ({ kind, value }) => `${kind}=${value}`,
  );

test.each([
  ["the built-in task and model", {}, []],
  ["numbers and switches", { task: { module: "countdown", options: { preset: "paper", strict: true } } }, []],
  [
    "a file of problems",
    { task: { module: "countdown", options: { data: "./p.jsonl" } } },
    ["task.data=./p.jsonl"],
  ],
  [
    "a plugin and what it is given",
    { task: { module: "./a.mjs", options: { judge: "http://a", n: 3, command: ["sh", "-c", "x"] } } },
    ["plugin=/work/a.mjs", "task.judge=http://a", 'task.command=["sh","-c","x"]'],
  ],
  [
    "a server, its key and its prices",
    {
      model: {
        name: "openai:m",
        baseUrl: "http://b/v1",
        apiKeyEnv: "B_KEY",
        prices: "p.json",
        concurrency: 2,
      },
    },
    ["model=openai:m", "server=http://b/v1", "key=B_KEY", "model.prices=/work/p.json"],
  ],
  [
    "an engine and its address",
    { engine: { name: "cluster", options: { url: "http://c", rows: 8 } } },
    ["engine=cluster", "engine.url=http://c"],
  ],
  [
    "a server that trains, and the tokenizer's folder",
    { engine: { name: "tinker", options: { baseUrl: "http://d", tokenizer: "/e", rank: 8 } } },
    ["engine.baseUrl=http://d", "engine.tokenizer=/e"],
  ],
  [
    "an adapter, and not what else an engine is told",
    { engine: { name: "onnx", options: { adapter: "/a", loraTargets: "q_proj" } } },
    ["engine.adapter=/a"],
  ],
  ["a model that is fetched", { model: "transformers:org/m" }, ["model=transformers:org/m"]],
] as const satisfies readonly (readonly [string, Partial<RunRequest>, readonly string[]])[])(
  "a run wants %s by name",
  (_, request, expected) => {
    vi.stubEnv("OPENAI_API_KEY", "");
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(wanted(request)).toEqual(expected);
  },
);

test("the key that is sent where none is named is wanted too", () => {
  vi.stubEnv("OPENAI_API_KEY", "secret");
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(wanted({ model: { name: "openai:m", baseUrl: "http://b/v1" } })).toContain("key=OPENAI_API_KEY");
  vi.stubEnv("TINKER_API_KEY", "secret");
  const engine = { name: "tinker", options: { baseUrl: "http://d" } };
  expect(wanted({ engine })).toContain("key=TINKER_API_KEY");
  // Its server is then the one that this user's environment names.
  expect(wanted({ engine: { name: "tinker" } })).toEqual([]);
});

test("a package that calls itself ours is somebody's", () => {
  const manifest = '{"name":"@rrr/task-countdown","version":"1.0.0","type":"module","exports":"./index.js"}';
  const cwd = project({
    "node_modules/@rrr/task-countdown/package.json": manifest,
    "node_modules/@rrr/task-countdown/index.js": "throw new Error('loaded')",
  });
  const spec = toRunSpec({ task: "countdown", plan: evaluate }, cwd);
  expect(wantedBy(spec, cwd)).toEqual([{ kind: "plugin", value: "countdown" }]);
});

test.each([
  [{ RRR_STATE_DIR: "/a", XDG_STATE_HOME: "/x" }, "/a"],
  [{ XDG_STATE_HOME: "/x" }, "/x/rrr"],
  [{ XDG_STATE_HOME: "relative", RRR_STATE_DIR: "" }, join(homedir(), ".local/state/rrr")],
])("where runs are remembered: %j", (env, folder) => {
  expect(stateFolder(env)).toBe(folder);
});

function newUser(): string {
  const state = mkdtempSync(join(tmpdir(), "rrr-state-"));
  onTestFinished(() => rmSync(state, { recursive: true, force: true }));
  vi.stubEnv("RRR_STATE_DIR", state);
  onTestFinished(() => void vi.unstubAllEnvs());
  return state;
}

test("a spec is known to the letter, and where it cannot be noted a warning says so", () => {
  const state = newUser();
  const spec = toRunSpec({ task: "countdown", plan: evaluate }, "/");
  expect(isKnown(spec)).toBe(false);
  rememberRun(spec, () => expect.unreachable());
  expect(isKnown(JSON.parse(JSON.stringify(spec)))).toBe(true);
  expect(isKnown({ ...spec, plan: { ...spec.plan, seed: 1 } })).toBe(false);
  writeFileSync(join(state, "file"), "");
  vi.stubEnv("RRR_STATE_DIR", join(state, "file"));
  const warn = vi.fn();
  rememberRun(spec, warn);
  expect(warn).toHaveBeenCalledWith(expect.stringContaining("cannot be noted"));
});

test("a program resumes a run from elsewhere only with what it allows", async () => {
  const cwd = project({
    "task.mjs": `export default { spec: "rrr/task@1", name: "t", limits: { attempt: 4, reflection: 4 },
      schema: { "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) } },
      *items() { yield { n: 1 }; }, prompt: () => [{ role: "user", content: "?" }], reflect: () => "why?",
      verify: () => ({ kind: "pass" }) };`,
  });
  await writeModelDir(join(cwd, "model"), microModel(), "F32");
  newUser();
  const request = {
    task: { module: "./task.mjs", isolate: "none" },
    model: "./model",
    plan: evaluate,
  } as const;
  (await startRun(request, { cwd, out: "run" })).stop();
  newUser();
  await expect(resumeRun("run", { cwd })).rejects.toMatchObject({
    code: "bad-run",
    message: expect.stringMatching(/names plugin .*task\.mjs, model .*model; nothing was read, sent or run$/),
    hint: expect.stringMatching(/--allow plugin=.*task\.mjs --allow model=.*model$/),
  });
  await expect(resumeRun("run", { cwd, allow: ["plugin=./task.mjs"] })).rejects.toThrow("names model");
  const resumed = await resumeRun("run", { cwd, allow: ["plugin=./task.mjs", "model=./model"] });
  expect((await resumed.result()).before.problems).toBe(1);
});
