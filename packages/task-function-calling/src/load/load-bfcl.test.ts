import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { take } from "@rrr/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FunctionCallItem } from "../item.ts";
import { verifyFunctionCalls } from "../verify.ts";
import { loadBfcl } from "./load-bfcl.ts";
import { loadItems } from "./load-items.ts";

const fixtures = fileURLToPath(new URL("../../fixtures/bfcl/", import.meta.url));
const tools = [{ name: "f", description: "Does.", parameters: { n: { type: "int" } } }];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "function-calling-"));
  await mkdir(join(folder, "possible_answer"));
});
afterAll(() => rm(folder, { recursive: true }));

async function write(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

function read(items: AsyncIterable<FunctionCallItem>): Promise<readonly FunctionCallItem[]> {
  return take(items, 100_000);
}

describe("loadBfcl", () => {
  it("reads a folder and a single file, with the answers that lie beside it", async () => {
    const all = await read(loadBfcl(fixtures));
    expect(all).toHaveLength(42);
    const some = await read(loadBfcl(join(fixtures, "BFCL_v4_parallel.json")));
    expect(some).toHaveLength(5);
    expect(some[0]?.query).toContain("Taylor Swift");
    expect(some[0]?.expected).toContain('"duration": [20]');
    expect(all).toContainEqual(some[0]);
  });

  it("keeps numbers as they are written", async () => {
    const [first] = await read(loadBfcl(join(fixtures, "BFCL_v4_parallel_multiple.json")));
    expect(first?.expected).toMatch(/\[\d+\]/);
    const all = await read(loadBfcl(fixtures));
    expect(all.some(({ expected }) => String(expected).includes("4.0"))).toBe(true);
  });

  const ask = (...messages: readonly object[]): string => {
    return JSON.stringify({ id: "a", question: [messages], function: tools });
  };
  const right = '{"id": "a", "ground_truth": [{"f": {"n": [1]}}]}';
  const user = { role: "user", content: "Do." };

  async function load(question: string, answer: string): Promise<readonly FunctionCallItem[]> {
    await write("possible_answer/BFCL_v4_simple.json", answer);
    return read(loadBfcl(await write("BFCL_v4_simple.json", question)));
  }

  it("puts what the system says before the question", async () => {
    const [loaded] = await load(ask({ role: "system", content: "Be quick." }, user), right);
    expect(loaded?.query).toBe("Be quick.\n\nDo.");
  });

  it.each([
    [
      "line 1: 2 turns, only questions of one turn",
      JSON.stringify({ id: "a", question: [[user], [user]], function: tools }),
    ],
    ["line 1: a turn must begin and end with the user", ask(user, { role: "assistant", content: "No." })],
    ["line 1: message 2 must be", ask(user, { role: "system", content: "Be quick." }, user)],
    ["line 1: message 1 must be", ask({ role: "user", content: ["Do."] })],
    ["line 1: question must be a list of turns, got nothing", '{"id": "a", "function": []}'],
    ["line 1: function must be a list of tools, got nothing", '{"id": "a", "question": []}'],
    ["line 2: no accepted answer for b", `${ask(user)}\n{"id": "b"}`],
  ])("refuses a question: %s", async (message, question) => {
    const expected = { code: "bad-item", message: expect.stringContaining(message) };
    await expect(load(question, right)).rejects.toMatchObject(expected);
  });

  it.each([
    ["line 2: a a second time", `${right}\n${right}`],
    [
      "line 1: ground_truth[0].f.n must be a list of alternatives",
      '{"id": "a", "ground_truth": [{"f": {"n": 1}}]}',
    ],
    ["line 1: ground_truth is no JSON", '{"id": "a"}'],
  ])("refuses an answer: %s", async (message, answer) => {
    const expected = { code: "bad-item", message: expect.stringMatching(/possible_answer/) };
    await expect(load(ask(user), answer)).rejects.toMatchObject(expected);
    await expect(load(ask(user), answer)).rejects.toThrow(message);
  });

  it("reads each category by its rules", async () => {
    const rules = new Map((await read(loadBfcl(fixtures))).map((one) => [one.category, one.rules]));
    expect(Object.fromEntries(rules)).toEqual({
      irrelevance: undefined,
      live_irrelevance: undefined,
      live_relevance: "relevance",
      live_simple: undefined,
      multiple: undefined,
      parallel: undefined,
      parallel_multiple: undefined,
      simple_java: "java",
      simple_javascript: "javascript",
      simple_python: undefined,
    });
  });

  it("reads a conversation up to the question, and one without tools", async () => {
    const all = await read(loadBfcl(join(fixtures, "BFCL_v4_live_irrelevance.json")));
    expect(all.map(({ before = [] }) => before.map(({ role }) => role))).toEqual([
      [],
      ["user", "assistant"],
      [],
    ]);
    expect(all.map(({ tools }) => tools.length)).toContain(0);
    for (const one of all)
      expect(verifyFunctionCalls(one, "None of them fits.", { mode: "bfcl" }).kind).toBe("pass");
  });

  it("refuses what is not asked by its name", async () => {
    for (const category of ["multi_turn_base", "web_search", "format_sensitivity"]) {
      const path = await write(`BFCL_v4_${category}.json`, "[1]");
      const { items } = await loadItems(path);
      await expect(read(items)).rejects.toMatchObject({
        code: "bad-argument",
        message: expect.stringContaining(`category ${category}`),
      });
    }
  });

  it("leaves out a question whose answer is bad, and tells of it once", async () => {
    await write(
      "possible_answer/BFCL_v4_simple.json",
      '{"id": "a", "ground_truth": 5}\n{"id": "b", "ground_truth": [{"f": {"n": [1]}}]}',
    );
    const path = await write("BFCL_v4_simple.json", `${ask(user)}\n${ask(user).replace('"a"', '"b"')}`);
    const told: string[] = [];
    const loaded = await read(loadBfcl(path, { onBadRow: ({ message }) => void told.push(message) }));
    expect(loaded.map(({ id }) => id)).toEqual(["b"]);
    expect(told).toEqual([expect.stringMatching(/possible_answer.*line 1: ground_truth must be/)]);
  });

  it("names answers that are missing, and a folder without questions", async () => {
    const lonely = await write("lonely.json", ask(user));
    await expect(read(loadBfcl(lonely))).rejects.toMatchObject({ code: "bad-argument" });
    const empty = join(folder, "possible_answer", "none");
    await mkdir(empty);
    await expect(read(loadBfcl(empty))).rejects.toMatchObject({ code: "bad-argument" });
  });
});
