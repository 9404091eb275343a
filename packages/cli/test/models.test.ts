import { mkdirSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { project } from "../../plugins/test/plugin-files.ts";
import { modelsText } from "../src/models/models-text.ts";
import { namedModels } from "../src/models/named-models.ts";
import { startChatServer } from "./chat-server.ts";
import { runCli } from "./run-cli.ts";

test("what can be named: built-in models, whether there is a key, the newest checkpoint of the last runs", async () => {
  vi.stubEnv("OPENAI_API_KEY", "sk-very-secret");
  onTestFinished(() => void vi.unstubAllEnvs());
  const cwd = project({ "runs/c/run.db": "", "runs/d/checkpoints/.part": "" });
  for (const [run, step, seconds] of [
    ["a", "10", 200],
    ["a", "20", 300],
    ["b", "5", 100],
  ] as const) {
    const folder = join(cwd, `runs/${run}/checkpoints/step-${step.padStart(6, "0")}`);
    mkdirSync(folder, { recursive: true });
    utimesSync(folder, seconds, seconds);
  }
  const { code, stdout, stderr } = await runCli(cwd, ["models", "--json"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(JSON.parse(stdout)).toEqual({
    builtin: ["countdown", "function-calling"],
    openai: { keyVariable: "OPENAI_API_KEY", keyIsSet: true },
    transformers: { isInstalled: expect.any(Boolean) },
    checkpoints: ["runs/a/checkpoints/step-000020", "runs/b/checkpoints/step-000005"],
  });
  const text = (await runCli(cwd, ["models"])).stdout;
  expect(text).toContain("ready; OPENAI_API_KEY is set");
  expect(text).toContain("Newest checkpoints\n  runs/a/checkpoints/step-000020\n");
  expect(stdout + text).not.toContain("secret");
});

test("a server is asked only where it is named, or with --check", async () => {
  const { baseURL } = await startChatServer();
  const { code, stdout } = await runCli(project({}), ["models", "--base-url", baseURL]);
  expect(code).toBe(0);
  expect(stdout).toContain(`${baseURL}\n  openai:large\n  openai:small\n`);
  const nobody = await runCli(project({}), ["models", "--base-url", "http://127.0.0.1:9/v1"]);
  expect(nobody.code).toBe(1);
  expect(nobody.stderr).toMatch(/does not list its models.*ECONNREFUSED.*\[model-failed\]/);
});

test("as text, with everything missing", async () => {
  vi.stubEnv("MY_KEY", "");
  onTestFinished(() => void vi.unstubAllEnvs());
  const models = await namedModels(project({}), { apiKeyEnv: "MY_KEY" });
  expect(modelsText({ ...models, transformers: { isInstalled: false } })).toBe(
    [
      "builtin          comes with rrr, can be trained                ready; with one of its own: countdown, function-calling",
      "./folder         in Hugging Face layout, can be trained        ready",
      "openai:NAME      of an OpenAI-compatible server                needs MY_KEY, or --base-url of a server without keys",
      "transformers:ID  of the Hugging Face hub or a folder, as ONNX  needs npm install @huggingface/transformers",
      "",
    ].join("\n"),
  );
});
