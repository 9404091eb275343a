/** Standard input and output are the command's, also by their descriptors. */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { EVEN_TASK, project } from "../../plugins/test/plugin-files.ts";
import { bin, runCli } from "./run-cli.ts";

const LINE = `${JSON.stringify({ item: { least: 1 }, completion: "4" })}\n`;

const LOUD = `
import fs, { writeSync } from "node:fs";
import { open } from "node:fs/promises";
import { promisify } from "node:util";
writeSync(1, "loud\\n");
fs.writeSync(1, Buffer.from("loud\\n"));
fs.writevSync(1, [Buffer.from("loud\\n")]);
fs.writeFileSync(1, "loud\\n");
fs.appendFileSync(1, "loud\\n");
await new Promise((done) => fs.write(1, "loud\\n", done));
await new Promise((done) => fs.writev(1, [Buffer.from("loud\\n")], done));
await promisify(fs.write)(1, "loud\\n");
await new Promise((done) => fs.writeFile(1, "loud\\n", done));
await new Promise((done) => fs.createWriteStream("", { fd: 1, autoClose: false }).end("loud\\n", done));
for (const path of ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"]) {
  try { fs.writeFileSync(path, "loud\\n", { flag: "a" }); } catch { writeSync(1, "loud\\n"); }
}
await open("/dev/stdout", "a").then((file) => file.close(), () => {});
`;

const GREEDY = `
import { execSync, spawnSync } from "node:child_process";
import files, { readFileSync } from "node:fs";
if (readFileSync(0, "utf8") !== "") throw new Error("read the input");
if (files.readSync(0, Buffer.alloc(9)) !== 0) throw new Error("read the input");
for await (const _ of process.stdin) throw new Error("read the input");
for await (const _ of files.createReadStream("", { fd: 0 })) throw new Error("read the input");
spawnSync("cat", { stdio: "inherit" });
execSync("cat", { stdio: [0, "pipe", "pipe"] });
`;

const even = (before: string, verify: string): string =>
  `${before}; const task = ${EVEN_TASK}; const { verify } = task;
  task.verify = (...args) => { ${verify}; return verify(...args); }; export default task;`;

const WAYS = [[], ["--isolate", "worker"], ["--isolate", "none"]];

test.each(WAYS)("what a plugin writes to descriptor 1 is on standard error: %j", async (...flags) => {
  const cwd = project({ "loud.mjs": even(LOUD, 'writeSync(1, "loud\\n")') });
  const { code, stdout, stderr } = await runCli(cwd, ["verify", "./loud.mjs", ...flags], LINE);
  expect({ code, stdout }).toEqual({ code: 0, stdout: '{"kind":"pass"}\n' });
  expect(stderr.match(/^loud$/gm)?.length).toBeGreaterThanOrEqual(14);
  const prompts = await runCli(cwd, ["prompts", "./loud.mjs", "--json"]);
  expect(JSON.parse(prompts.stdout).task).toBe("even");
});

test.each(WAYS)("what a plugin reads is not the command's input: %j", async (...flags) => {
  const cwd = project({
    "greedy.mjs": even(GREEDY, 'if (readFileSync(0, "utf8") !== "") throw new Error("input")'),
  });
  const { code, stdout } = await runCli(cwd, ["verify", "./greedy.mjs", ...flags], LINE.repeat(3));
  expect({ code, stdout }).toEqual({ code: 0, stdout: '{"kind":"pass"}\n'.repeat(3) });
});

test("input and output may be files, pipes of a shell, or named as files", () => {
  const cwd = project({ "task.mjs": even(LOUD + GREEDY, "") });
  const lines = LINE.repeat(1_000);
  writeFileSync(join(cwd, "in.jsonl"), lines);
  const command = `"${process.execPath}" "${bin}" verify ./task.mjs`;
  for (const redirected of [
    `${command} < in.jsonl > out.jsonl`,
    `cat in.jsonl | ${command} | cat > out.jsonl`,
    `${command} /dev/stdin < in.jsonl > out.jsonl`,
    `cat in.jsonl | ${command} - > out.jsonl`,
  ]) {
    const { status } = spawnSync("sh", ["-c", redirected], { cwd, stdio: "ignore" });
    expect({ status, text: readFileSync(join(cwd, "out.jsonl"), "utf8") }).toEqual({
      status: 0,
      text: '{"kind":"pass"}\n'.repeat(1_000),
    });
  }
  const empty = spawnSync("sh", ["-c", `${command} <&- `], { cwd, encoding: "utf8" });
  expect({ status: empty.status, stdout: empty.stdout }).toEqual({ status: 0, stdout: "" });
});
