import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { EVEN_TASK, project } from "../../plugins/test/plugin-files.ts";
import { runCli, startCli } from "./run-cli.ts";

const files = { "even.mjs": `export default ${EVEN_TASK};` };
const line = (completion: unknown, item: unknown = { least: 1 }) =>
  `${JSON.stringify({ item, completion })}\n`;

test("one verdict a line, in order; broken lines are invalid and the rest goes on", async () => {
  const input = [
    line("4"),
    "broken\n",
    line("x"),
    "\n",
    line("4", { least: "one" }),
    '{"completion": "4"}\n',
    line(4),
    line("throw"),
    line("6").trimEnd(),
  ].join("");
  const { code, stdout, stderr } = await runCli(project(files), ["verify", "./even.mjs"], input);
  const verdicts = stdout
    .trim()
    .split("\n")
    .map((text) => JSON.parse(text));
  expect(verdicts).toMatchObject([
    { kind: "pass" },
    { kind: "invalid", line: 2, code: "bad-item" },
    { kind: "fail", code: "no-number", detail: "x" },
    { kind: "invalid", line: 4, code: "bad-item", detail: "the line is empty" },
    {
      kind: "invalid",
      line: 5,
      code: "bad-item",
      detail: expect.stringContaining("least: must be a number"),
    },
    { kind: "invalid", line: 6, code: "bad-item", detail: expect.stringContaining('"item" is missing') },
    { kind: "invalid", line: 7, code: "bad-item", detail: expect.stringContaining("must be a string") },
    { kind: "invalid", line: 8, code: "verifier-failed", detail: expect.stringContaining("verifier bug") },
    { kind: "pass" },
  ]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "2 pass, 1 fail, 6 invalid\n" });
});

test("a line that is no UTF-8 is invalid, with its number, from a file and from standard input", async () => {
  const cwd = project(files);
  const lines = Buffer.concat([
    Buffer.from(line("4")),
    Buffer.from(line("café"), "latin1"),
    Buffer.from(line("\ufffd")),
    Buffer.from(line("6")),
  ]);
  writeFileSync(join(cwd, "in.jsonl"), lines);
  const invalid = { kind: "invalid", line: 2, code: "bad-item", detail: "the line is not valid UTF-8" };
  for (const args of [["in.jsonl"], []]) {
    const { process: child, ended } = startCli(cwd, ["verify", "./even.mjs", ...args]);
    child.stdin?.end(lines);
    const { code, stdout } = await ended;
    const verdicts = stdout
      .trim()
      .split("\n")
      .map((text) => JSON.parse(text));
    expect(verdicts).toMatchObject([
      { kind: "pass" },
      invalid,
      { kind: "fail", detail: "\ufffd" },
      { kind: "pass" },
    ]);
    expect(code).toBe(0);
  }
});

test("from several files, - for standard input; an invalid verdict says which", async () => {
  const cwd = project({ ...files, "a.jsonl": line("4"), "b.jsonl": "?\n" });
  const { stdout } = await runCli(
    cwd,
    ["verify", "./even.mjs", "a.jsonl", "-", "b.jsonl", "--quiet"],
    line("5"),
  );
  const verdicts = stdout
    .trim()
    .split("\n")
    .map((text) => JSON.parse(text));
  expect(verdicts).toMatchObject([
    { kind: "pass" },
    { kind: "fail" },
    { kind: "invalid", line: 1, file: "b.jsonl" },
  ]);
});

test("an answer comes as soon as its line is in: a program can ask and wait", async () => {
  const { process: child, seen, ended } = startCli(project(files), ["verify", "./even.mjs"]);
  child.stdin?.write(line("4"));
  await seen('{"kind":"pass"}');
  child.stdin?.end(line("5"));
  expect(await ended).toMatchObject({ code: 0, stderr: "1 pass, 1 fail, 0 invalid\n" });
});

test("a reader that has seen enough is no error", async () => {
  const cwd = project(files);
  const many = line("4").repeat(20_000);
  writeFileSync(join(cwd, "many.jsonl"), many);
  const {
    process: child,
    seen,
    ended,
  } = startCli(cwd, ["verify", "./even.mjs", ...Array(20).fill("many.jsonl")]);
  await seen("pass");
  child.stdout?.destroy();
  expect(await ended).toMatchObject({ code: 0, stderr: "" });
});
