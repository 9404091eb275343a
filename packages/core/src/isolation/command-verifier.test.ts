import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Verdict } from "../verdict.ts";
import { verifyWithin } from "../verify.ts";
import { type CommandVerifier, commandVerifier } from "./command-verifier.ts";

/** A program in Node: what it is written in makes no difference. Its verifier does what the completion says. */
const PROGRAM = `
import { createInterface } from "node:readline";
const say = (answer) => process.stdout.write(JSON.stringify(answer) + "\\n");
for await (const line of createInterface({ input: process.stdin })) {
  const { id, item, completion } = JSON.parse(line);
  if (completion === "loop") for (;;);
  else if (completion === "exit") { console.error("no luck today"); process.exit(3); }
  else if (completion === "chat") { process.stdout.write("let me see\\n"); say({ id, kind: "pass" }); }
  else if (completion === "maybe") say({ id, kind: "maybe" });
  else if (completion === "invalid") say({ id, kind: "invalid", message: "no such city" });
  else if (completion === "item") say({ id, kind: "fail", code: "wrong", detail: JSON.stringify(item) });
  else say({ id, kind: "pass" });
}`;

async function open(program = PROGRAM): Promise<CommandVerifier<unknown>> {
  const folder = await mkdtemp(join(tmpdir(), "rrr-command-"));
  writeFileSync(join(folder, "check.mjs"), program);
  const verify = commandVerifier({ command: process.execPath, args: ["check.mjs"], cwd: folder });
  onTestFinished(async () => {
    await verify.close();
    await rm(folder, { recursive: true });
  });
  return verify;
}

function ask(
  verify: CommandVerifier<unknown>,
  completions: readonly string[],
  timeoutMs = 30_000,
): Promise<Verdict[]> {
  const task = { name: "x", verify };
  return Promise.all(completions.map((text, i) => verifyWithin(task, { i }, text, { timeoutMs })));
}

const pass = { kind: "pass" };
const failed = (text: string) => ({
  kind: "invalid",
  error: { code: "verifier-failed", message: expect.stringContaining(text) },
});

test("one process answers all, in whatever number they come", async () => {
  const verify = await open();
  expect(await ask(verify, Array(1_000).fill("good"))).toEqual(Array(1_000).fill(pass));
  expect(await ask(verify, ["item"])).toEqual([{ kind: "fail", code: "wrong", detail: '{"i":0}' }]);
});

test("an answer that is none is invalid, and the others are not", async () => {
  const verify = await open();
  expect(await ask(verify, ["good", "chat", "maybe", "invalid", "good"])).toMatchObject([
    pass,
    failed("let me see"),
    failed("maybe"),
    failed("no such city"),
    pass,
  ]);
});

test("a program that hangs is killed, one that ends is started again; the others get their verdicts", async () => {
  const verify = await open();
  // The time is that of an answer, not of the start.
  await ask(verify, ["good"]);
  const verdicts = await ask(verify, ["good", "exit", "good", "loop", "good"], 10_000);
  expect(verdicts).toMatchObject([
    pass,
    failed("exit code 3); it last wrote: no luck today"),
    pass,
    { kind: "invalid", error: { code: "verifier-timeout" } },
    pass,
  ]);
});

test("an answer that came while this program was busy is in time", async () => {
  const verify = await open();
  await ask(verify, ["good"]);
  const verdicts = ask(verify, ["good", "good"], 800);
  await new Promise(setImmediate);
  for (const end = performance.now() + 1_500; performance.now() < end; );
  expect(await verdicts).toEqual([pass, pass]);
});

test("an item that is no JSON is invalid", async () => {
  const verify = await open();
  const verdict = await verifyWithin({ name: "x", verify }, { n: 1n }, "good");
  expect(verdict).toMatchObject({ kind: "invalid", error: { code: "bad-item" } });
});

test("a program that never works is given up, and everything is invalid", async () => {
  const missing = commandVerifier({ command: "no-such-program-at-all" });
  expect(await ask(missing, Array(20).fill("good"))).toMatchObject(Array(20).fill(failed("could not be")));
  await missing.close();
  const broken = await open("throw new Error('a bug at the top')");
  const verdicts = await ask(broken, Array(20).fill("good"));
  expect(verdicts).toMatchObject(Array(20).fill(failed("a bug at the top")));
});
