/** Models whose chat template leaves thoughts out of earlier answers, with the built command. */
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { builtinModelDir } from "@rrr/builtin-model";
import Database from "libsql";
import { expect, test, vi } from "vitest";
import { project } from "../../plugins/test/plugin-files.ts";
import { runCli } from "./run-cli.ts";

vi.setConfig({ testTimeout: 300_000 });

const LEAVES_OUT =
  '(m.content.split("</think>")[-1].lstrip("\\n") if m.role == "assistant" and "</think>" in m.content else m.content)';

/** A folder with the built-in model, as `./model`, and a chat template. @param opening of the assistant's turn */
function world(shown: string, opening = ""): string {
  const cwd = project({});
  cpSync(builtinModelDir("countdown"), join(cwd, "model"), { recursive: true });
  writeFileSync(
    join(cwd, "model/chat_template.jinja"),
    `{%- for m in messages -%}<|{{ m.role }}|>{{ ${shown} }}<|end|>{%- endfor -%}{%- if add_generation_prompt -%}<|assistant|>${opening}{%- endif -%}`,
  );
  return cwd;
}

interface Row {
  readonly kind: string;
  readonly text: string;
  readonly reasoning: string | null;
  readonly verdict: "pass" | "fail";
  readonly reward: number | null;
  /** What the retry was shown before the problem: a reflection, or the failed attempt. */
  readonly shown: string;
  readonly attempt: string;
}

/** Reflections of a run's stage, each with what its retry was shown. */
function reflectionsOf(folder: string, stage: string): readonly Row[] {
  const db = new Database(join(folder, "run.db"), { readonly: true });
  const rows = db
    .prepare(
      `SELECT t.text AS text, t.reasoning AS reasoning, r.verdict AS verdict, e.reward AS reward,
         before.content AS shown, a.text AS attempt
       FROM episode e JOIN turn a ON a.episode = e.id AND a.role = 'attempt'
       JOIN turn t ON t.episode = e.id AND t.role = 'reflection' JOIN turn r ON r.episode = e.id AND r.role = 'retry'
       JOIN message last ON last.id = r.prompt JOIN message before ON before.id = last.parent
       WHERE e.stage = ? AND coalesce(e.part, '') <> 'greedy'`,
    )
    .all(stage) as readonly Row[];
  db.close();
  return rows;
}

test("what the retry reads is the reflection without its thought, and the run says so", async () => {
  const cwd = world(LEAVES_OUT, "<think>");
  const { stdout, stderr, code } = await runCli(cwd, [
    ...["run", "countdown", "--model", "./model", "--limit", "40", "--steps", "2", "--json", "--out", "run"],
  ]);
  expect(code).toBe(0);
  const events = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const history = {
    attempt: "without thoughts",
    reflection: "without thoughts",
    tags: { open: "<think>", close: "</think>" },
    opensThought: true,
  };
  expect(events[1]).toMatchObject({ kind: "template", history, text: expect.any(Array) });
  expect(events.at(-1)).toMatchObject({ kind: "result", history });
  const sentence = "The chat template leaves <think>…</think> out of earlier answers";
  expect(stderr).toContain(sentence);
  expect((await runCli(cwd, ["show", "run"])).stdout).toContain(sentence.slice(0, 40));
  expect(readFileSync(join(cwd, "run/report.txt"), "utf8")).toContain("reflections were only thought");

  for (const stage of ["before", "train"]) {
    const rows = reflectionsOf(join(cwd, "run"), stage);
    const [silent, said] = [rows.filter(({ text }) => text === ""), rows.filter(({ text }) => text !== "")];
    expect(silent.length).toBeGreaterThan(0);
    expect(said.length).toBeGreaterThan(silent.length);
    for (const { text, shown, reasoning } of said) {
      expect(shown).toBe(text);
      expect(text).not.toContain("</think>");
      expect(reasoning ?? "").toMatch(/<\/think>\s*$/);
    }
    for (const { shown, attempt, reasoning } of silent) {
      expect(shown).toBe(attempt);
      expect(reasoning).not.toBeNull();
    }
    if (stage === "train") expect(silent.every(({ reward }) => reward === 0)).toBe(true);
  }
});

test("rrr prompts shows the conversation after the template", async () => {
  const cwd = world(LEAVES_OUT);
  const item = ["--item", '{"numbers": [25, 7, 8], "target": 24}'];
  const { stdout } = await runCli(cwd, ["prompts", "countdown", ...item, "--model", "./model"]);
  expect(stdout).toContain("── 3. Retry, after the chat template of ./model");
  expect(stdout).toContain("leaves <think>…</think> out of earlier answers");
  expect(stdout).toMatch(
    /<\|assistant\|>‹what the failed attempt says after its thought›<\|end\|><\|user\|>You tried/,
  );
  expect(stdout).toMatch(
    /<\|assistant\|>‹what the reflection says after its thought›<\|end\|>.*<\|assistant\|>$/m,
  );
  expect(stdout).not.toContain("‹its thought›");
  const json = await runCli(cwd, ["prompts", "countdown", ...item, "--model", "builtin", "--json"]);
  expect(JSON.parse(json.stdout).template).toMatchObject({
    history: { attempt: "whole", reflection: "whole" },
    retry: expect.stringContaining("<|assistant|>‹the reflection›<|end|>"),
  });
  const server = await runCli(cwd, ["prompts", "countdown", "--model", "openai:x"]);
  expect(server).toMatchObject({ code: 2, stderr: expect.stringContaining("of a model folder") });
});

test("where a template shows something else, training is refused and an evaluation says so", async () => {
  const cwd = world('("-" if m.role == "assistant" else m.content)');
  const trained = await runCli(cwd, ["run", "countdown", "--model", "./model", "--limit", "5"]);
  expect(trained).toMatchObject({ code: 1, stderr: expect.stringContaining("[bad-model]") });
  const measured = await runCli(cwd, [
    ...["eval", "countdown", "--model", "./model", "--limit", "5", "--no-controls", "--out", "measured"],
  ]);
  expect(measured).toMatchObject({ code: 0, stdout: expect.stringContaining("does NOT show reflections") });
});
