/** A model that is broken ends a command with one line: it is never a share of 0 %. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeModelDir } from "@rrr/trainer";
import { microModel } from "@rrr/trainer/testing";
import { expect, test, vi } from "vitest";
import { runCli } from "./run-cli.ts";
import { smallWorld } from "./small-world.ts";

// Seconds on two idle cores; on a busy machine a process alone takes some to start.
vi.setConfig({ testTimeout: 120_000 });

const EVAL = ["eval", "./chance.mjs", "--model", "./model", "--limit", "4", "--isolate", "none"];

async function evaluated(cwd: string, code: string): Promise<string> {
  const finished = await runCli(cwd, EVAL);
  expect(finished).toMatchObject({ code: 1, stdout: "" });
  const line = finished.stderr.split("\n").find((each) => each.startsWith("rrr: ")) ?? "";
  expect(line).toContain(`[${code}]`);
  return line;
}

/** Changes one file of the project's model. */
function edit(cwd: string, file: string, change: (bytes: Buffer) => Buffer | string): void {
  const path = join(cwd, "model", file);
  writeFileSync(path, change(readFileSync(path)));
}

const withTemplate = (chat_template: string) => (bytes: Buffer) =>
  JSON.stringify({ ...JSON.parse(bytes.toString()), chat_template });

test("one flipped bit in the weights", async () => {
  const cwd = await smallWorld();
  edit(cwd, "model.safetensors", (bytes) => {
    const last = bytes.length - 1;
    bytes[last] = (bytes[last] as number) ^ 0x40;
    return bytes;
  });
  expect(await evaluated(cwd, "bad-model")).toContain("model.norm.weight");
});

test("weights that are numbers each, and overflow together", async () => {
  const cwd = await smallWorld();
  const model = microModel();
  const weights = new Map(
    [...model.weights].map(([name, { shape, data }]) => {
      const isHuge = name.includes("layers.0.mlp") || name.includes("layers.0.post_attention");
      return [name, { shape, data: isHuge ? data.map((_, i) => (i % 3 === 0 ? -9e5 : 1e6)) : data }] as const;
    }),
  );
  rmSync(join(cwd, "model"), { recursive: true });
  await writeModelDir(join(cwd, "model"), { ...model, weights }, "F32");
  expect(await evaluated(cwd, "diverged")).toContain("the log-probability NaN");
});

test.each([
  ["never ends", "{% for i in range(10**9) %}{% endfor %}", "range"],
  [
    "builds gigabytes",
    "{% set ns = namespace(x='aaaa') %}{% for i in range(99) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
    "more text",
  ],
  ["drops the message", "{% for m in messages %}{{ m.role }}{% endfor %}", "drops what the user says"],
  ["drops all messages but one", "{{ messages[0].content }}", "drops what the user says"],
  ["throws", "{{ raise_exception('not\\nthis') }}", "not this"],
  ["does not parse", "{% if %}", "does not parse"],
])("a template that %s", async (_, template, message) => {
  const cwd = await smallWorld();
  edit(cwd, "tokenizer_config.json", withTemplate(template));
  expect(await evaluated(cwd, "bad-model")).toContain(message);
});

test("a template that fails only later ends the evaluation, not a problem", async () => {
  const cwd = await smallWorld();
  const late = "{% if '9' in messages[0].content %}{{ raise_exception('no nine') }}{% endif %}";
  edit(cwd, "tokenizer_config.json", (bytes) => {
    const { chat_template } = JSON.parse(bytes.toString());
    return withTemplate(late + chat_template)(bytes);
  });
  const { code, stdout, stderr } = await runCli(cwd, [...EVAL, "--limit", "12"]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toContain("the chat template refuses a conversation: no nine [bad-model]");
});
