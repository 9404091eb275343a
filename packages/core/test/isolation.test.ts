/** Real threads and processes, from the built package: `npm test` builds it first. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  messageOf,
  shownAnswer,
  shownItem,
  type Task,
  type Verdict,
  type VerifySettings,
  verifyWithin,
} from "@rrr/core";
import { type IsolatedTask, type IsolationSettings, isolate } from "@rrr/core/isolation";
import { describe, expect, it, onTestFinished } from "vitest";
// @ts-expect-error: plain JavaScript, as a host loads it
import hostile from "./hostile-task.mjs";

const module = new URL("./hostile-task.mjs", import.meta.url);
const PLACES = ["worker", "process"] as const;

async function open(settings: IsolationSettings): Promise<IsolatedTask<unknown>> {
  const task = await isolate(hostile() as Task, { module }, settings);
  onTestFinished(() => task.close());
  return task;
}

/** `pass`, the code of a fail, or the code of the error. */
function label(verdict: Verdict): string {
  if (verdict.kind === "pass") return "pass";
  return verdict.kind === "fail" ? verdict.code : verdict.error.code;
}

async function ask(task: Task, completions: readonly string[], settings: VerifySettings): Promise<string[]> {
  const verdicts = completions.map((completion, i) => verifyWithin(task, { i }, completion, settings));
  return (await Promise.all(verdicts)).map(label);
}

describe.each(PLACES)("in a %s", (place) => {
  it("gives the verdicts that it would give here, details and items whole", async () => {
    const task = await open({ isolate: place });
    const item = { i: 1, text: "\ud800 é", none: undefined, map: new Map([[1, 2]]) };
    expect(await verifyWithin(task, item, "map")).toEqual({ kind: "pass" });
    expect(await verifyWithin(task, { i: 7 }, "fail")).toEqual({
      kind: "fail",
      code: "wrong",
      detail: '{"i":7}',
    });
    expect(await ask(task, Array(600).fill("pass later"), {})).toEqual(Array(600).fill("pass"));
    expect(await task.leaks?.({}, "pass")).toBe(true);
    expect(await task.leaks?.({}, "fail")).toBe(false);
    expect(task.prompt({})).toEqual(hostile().prompt({}));
  });

  it("works in a program that was given on the command line", async () => {
    const body = `console.log((await verifyWithin(task, {}, "pass")).kind); await task.close();`;
    expect((await runProgram(body, place, "command line")).stdout.trim()).toBe("pass");
  });

  it("a program may have flags of V8 and of its process, which a thread is not given", async () => {
    const body = `console.log((await verifyWithin(task, {}, "pass")).kind);`;
    const flags = ["--max-old-space-size=2000", "--title=rrr", "--enable-source-maps"];
    for (const from of ["file", "command line"] as const) {
      expect((await runProgram(body, place, from, flags)).stdout.trim()).toBe("pass");
    }
  });

  it("shows items and answers, and what it shows breaks nothing", async () => {
    const task = await open({ isolate: place });
    expect(await shownItem(task, { i: 1 })).toEqual({
      description: '{"i":1}',
      rows: [["a", `${"b".repeat(3_960)}… (9000 characters)`, "wrong"]],
    });
    expect(await shownAnswer(task, {}, "pass")).toEqual({ description: "pass" });
    const whyNot = (item: object, text: string) => shownAnswer(task, item, text).catch(messageOf);
    expect(await whyNot({ svg: "<svg onload=alert()>" }, "pass")).toMatch(
      /^showAnswer\(\) of task "hostile" failed: svg must/,
    );
    expect(await whyNot({}, "getter")).toMatch(/a getter threw/);
    expect(await whyNot({}, "loop")).toMatch(/took longer than 2000 ms/);
    expect(await whyNot({}, "exit")).toMatch(/ended its thread/);
    expect(await ask(task, ["pass"], {})).toEqual(["pass"]);
  });

  // A short campaign; `pnpm bench:isolation` runs the long one, and measures how late verdicts are.
  it.each([
    ["loop", "verifier-timeout"],
    ["loop later", "verifier-timeout"],
    ["never", "verifier-timeout"],
    ["exit", "verifier-failed"],
    ["exit later", "verifier-failed"],
    ["throw later", "verifier-failed"],
    ["getter", "verifier-failed"],
  ])("%s: invalid, and only that", async (completion, code) => {
    const task = await open({ isolate: place });
    const all = ["pass", completion, "pass later", completion, "fail", "pass later", completion, "pass"];
    const expected = all.map((each) => (each === completion ? code : each === "fail" ? "wrong" : "pass"));
    expect(await ask(task, all, { timeoutMs: 1_000 })).toEqual(expected);
  });

  it("2 GB of buffers: invalid by the limit of memory, long before that of time", async () => {
    const task = await open({ isolate: place, memoryMb: 64 });
    const guilty = { kind: "invalid", error: { message: expect.stringContaining("64 MB") } };
    for (let time = 0; time < 3; time++) {
      const verdicts = ["pass", "buffers", "pass"].map((each) =>
        verifyWithin(task, {}, each, { timeoutMs: 60_000 }),
      );
      expect(await Promise.all(verdicts)).toMatchObject([{ kind: "pass" }, guilty, { kind: "pass" }]);
    }
  });

  it("time that others take, or this program, counts for nobody", async () => {
    const task = await open({ isolate: place });
    const all = ["pass later", "pass slowly", "pass slowly", "pass slowly", "pass later"];
    const verdicts = ask(task, all, { timeoutMs: 1_000 });
    // Under way, and answered while this thread cannot hear it.
    await new Promise((resolve) => setTimeout(resolve, 100));
    for (const end = performance.now() + 2_000; performance.now() < end; );
    expect(await verdicts).toEqual(Array(5).fill("pass"));
  });

  it("a heap that grows: invalid", async () => {
    const task = await open({ isolate: place, memoryMb: 64 });
    expect(await ask(task, ["pass", "heap", "pass"], { timeoutMs: 60_000 })).toEqual([
      "pass",
      "verifier-failed",
      "pass",
    ]);
  });

  it("what a verifier throws after its verdict costs nobody's verdict", async () => {
    const task = await open({ isolate: place });
    const all = ["throw after the verdict", "pass later", "throw after the verdict", "pass later"];
    expect(await ask(task, all, {})).toEqual(Array(4).fill("pass"));
  });

  it("an item that cannot be sent is invalid, the others are not", async () => {
    const task = await open({ isolate: place });
    const items = [{ i: 1 }, { i: () => {} }, { i: 3 }];
    const verdicts = await Promise.all(items.map((item) => verifyWithin(task, item, "pass")));
    expect(verdicts.map(label)).toEqual(["pass", "bad-item", "pass"]);
  });

  it("an abort is answered at once; so is closing, and what is asked after", async () => {
    const task = await open({ isolate: place });
    const caller = new AbortController();
    const aborted = verifyWithin(task, {}, "never", { signal: caller.signal });
    const closed = verifyWithin(task, {}, "never");
    setTimeout(() => caller.abort(), 20);
    expect(label(await aborted)).toBe("aborted");
    await task.close();
    expect(label(await closed)).toBe("aborted");
    expect(label(await verifyWithin(task, {}, "pass"))).toBe("aborted");
  });

  it("a plugin that does not load there is refused at once", async () => {
    const source = { module, options: { breaks: true } };
    const opened = isolate(hostile() as Task, source, { isolate: place });
    await expect(opened).rejects.toMatchObject({
      code: "plugin-failed",
      message: expect.stringContaining("no luck here"),
    });
  });

  it("a program that forgets to close ends, and prints what verifiers print as errors", async () => {
    const { stdout, stderr } = await runProgram(
      `console.log((await verifyWithin(task, {}, "print")).kind);`,
      place,
    );
    expect(stdout).toBe("pass\n");
    expect(stderr).toContain("printed by a verifier");
  });
});

it("a crash of the whole process is one invalid verdict", async () => {
  const task = await open({ isolate: "process" });
  const all = ["pass", "kill", "pass later", "pass"];
  expect(await ask(task, all, {})).toEqual(["pass", "verifier-failed", "pass", "pass"]);
});

it("nothing outlives a program that was killed, not even an endless loop", async () => {
  const body = `
    void verifyWithin(task, {}, "loop", { timeoutMs: 60_000 });
    setTimeout(() => {
      console.log(process._getActiveHandles().find((handle) => handle.pid !== undefined).pid);
      process.kill(process.pid, "SIGKILL");
    }, 300);`;
  const { stdout } = await runProgram(body, "process");
  const pid = Number(stdout);
  expect(pid).toBeGreaterThan(0);
  await expect.poll(() => isAlive(pid), { timeout: 5_000 }).toBe(false);
});

it("without isolation, a task is what it was", async () => {
  const task = await open({ isolate: false });
  expect(await ask(task, ["pass", "fail"], {})).toEqual(["pass", "wrong"]);
  await expect(open({ hosts: 0 })).rejects.toMatchObject({ code: "bad-argument" });
  await expect(isolate(hostile() as Task, { module: "rrr-task-even" })).rejects.toMatchObject({
    code: "bad-argument",
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A program of its own, with `task` isolated there. */
async function runProgram(
  body: string,
  place: string,
  from: "file" | "command line" = "file",
  flags: readonly string[] = [],
): Promise<{ stdout: string; stderr: string }> {
  const dist = new URL("../dist/", import.meta.url);
  const program = `
    import { verifyWithin } from "${dist}index.js";
    import { isolate } from "${dist}isolation.js";
    import hostile from "${module}";
    const task = await isolate(hostile(), { module: "${module}" }, { isolate: "${place}" });
    ${body}`;
  const folder = mkdtempSync(join(tmpdir(), "rrr-isolation-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "program.mjs"), program);
  const args = from === "file" ? ["program.mjs"] : ["--input-type=module", "--eval", program];
  const ended = promisify(execFile)(process.execPath, [...flags, ...args], { cwd: folder });
  // Killed is as good an end as another.
  return ended.catch((error: { readonly stdout: string; readonly stderr: string }) => error);
}
