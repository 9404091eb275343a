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
import { loadXlam } from "./load-xlam.ts";

const fixtures = fileURLToPath(new URL("../../fixtures/bfcl/", import.meta.url));

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

const tools = [{ name: "f", description: "Does.", parameters: { n: { type: "int" } } }];
const query = 'Brackets ]}," in text \\ and a\nnewline';
const xlam = {
  id: 0,
  query,
  tools: JSON.stringify(tools),
  answers: '[{"name": "f", "arguments": {"n": 1}}]',
};
const item = { query, tools, expected: '[{"name": "f", "arguments": {"n": 1}}]' };

describe("loadXlam", () => {
  it.each([
    ["one line", (rows: unknown[]) => JSON.stringify(rows)],
    ["indented", (rows: unknown[]) => `\n ${JSON.stringify(rows, null, 2)}\n\n`],
    ["JSON Lines", (rows: unknown[]) => rows.map((row) => JSON.stringify(row)).join("\r\n\n")],
  ])("reads an array or lines: %s", async (name, toText) => {
    const path = await write(`${name}.json`, toText([xlam, xlam, xlam]));
    expect(await read(loadXlam(path))).toEqual([item, item, item]);
  });

  it("reads fields that are no strings, and an item's own; integers keep their digits", async () => {
    const calls = '[{"name": "f", "arguments": {"n": 12345678901234567890}}]';
    const rows = ["answers", "expected"].map((field) => `{"query": "q", "tools": [], "${field}": ${calls}}`);
    const path = await write("fields.json", `[${rows.join()}]`);
    expect((await read(loadXlam(path))).map(({ expected }) => expected)).toEqual([calls, calls]);
  });

  it("reads past a byte order mark, in lines too", async () => {
    expect(await read(loadXlam(await write("bom.jsonl", `\ufeff${JSON.stringify(xlam)}\n`)))).toEqual([item]);
    expect(await read(loadXlam(await write("bom.json", `\ufeff${JSON.stringify([xlam])}`)))).toEqual([item]);
  });

  it("reads an empty array and an empty file", async () => {
    expect(await read(loadXlam(await write("none.json", " [ ] ")))).toEqual([]);
    expect(await read(loadXlam(await write("empty.json", "")))).toEqual([]);
  });

  it("streams: the rows before a mistake come, wherever the chunks end", async () => {
    const rows = Array.from({ length: 3_000 }, (_, i) => JSON.stringify({ ...xlam, query: `é${i}` }));
    const path = await write("long.json", `[\n${rows.join(",\n")},\n{"query": }]`);
    const seen: string[] = [];
    const reading = (async () => {
      for await (const { query } of loadXlam(path)) seen.push(query);
    })();
    await expect(reading).rejects.toMatchObject({ message: expect.stringContaining("line 3002 is no JSON") });
    expect(seen).toEqual(rows.map((_, i) => `é${i}`));
  });

  const good = JSON.stringify(xlam);
  it.each([
    ["line 3 is no JSON", `[${good},\n${good},\n]`],
    ["line 2 is no JSON", `[\n,${good}]`],
    ["line 2: the file ends inside its array", `[${good},\n{"query": "q"`],
    ["line 2: text after the array", `[${good}]\n[${good}]`],
    ["line 2: a row must be an object", `${good}\n5`],
    ["line 2 is no JSON", `${good}\n{"query": "q", "query": "q"}`],
    ["line 1: query must be a string, got nothing", '{"tools": [], "answers": []}'],
    ["line 1: the field tools is missing", '{"query": "q", "answers": []}'],
    ["line 1: tools is no JSON: ", '{"query": "q", "tools": "[{", "answers": []}'],
    ["line 1: tools must be a list of tools, got an object", '{"query": "q", "tools": {}, "answers": []}'],
    ["line 1: tools[0] must be", '{"query": "q", "tools": [{"name": "f"}], "answers": []}'],
    ["line 1: answers: call 1", '{"query": "q", "tools": [], "answers": [{"name": 5}]}'],
    ["line 1: a row of over", `{"query": "${"x".repeat(2 ** 20)}`],
    ["line 2: a row of over", `[${good},\n{"query": "${"x".repeat(2 ** 21)}"}]`],
  ])("names the line: %s", async (message, text) => {
    const path = await write("bad.json", text);
    const expected = { code: "bad-item", message: expect.stringContaining(`${path}, ${message}`) };
    await expect(read(loadXlam(path))).rejects.toMatchObject(expected);
  });

  it("names a file that it cannot read", async () => {
    const message = expect.stringContaining("missing.json");
    await expect(read(loadXlam(join(folder, "missing.json")))).rejects.toMatchObject({
      code: "bad-argument",
      message,
    });
    await expect(loadItems(join(folder, "missing.json"))).rejects.toMatchObject({
      code: "bad-argument",
      message,
    });
  });
});

describe("loadBfcl", () => {
  it("reads a folder and a single file, with the answers that lie beside it", async () => {
    const all = await read(loadBfcl(fixtures));
    expect(all).toHaveLength(25);
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
    ["line 1: a turn must be one message of the user", ask(user, { role: "assistant", content: "No." })],
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

  it("names answers that are missing, and a folder without questions", async () => {
    const lonely = await write("lonely.json", ask(user));
    await expect(read(loadBfcl(lonely))).rejects.toMatchObject({ code: "bad-argument" });
    const empty = join(folder, "possible_answer", "none");
    await mkdir(empty);
    await expect(read(loadBfcl(empty))).rejects.toMatchObject({ code: "bad-argument" });
  });
});

describe("loadItems", () => {
  it("tells by the first row how items are meant, and reads them anew each time", async () => {
    const exact = await loadItems(await write("exact.json", JSON.stringify([xlam])));
    expect(exact.mode).toBe("exact");
    expect(await read(exact.items)).toEqual([item]);
    expect(await read(exact.items)).toEqual([item]);
    expect((await loadItems(fixtures)).mode).toBe("bfcl");
    expect((await loadItems(join(fixtures, "BFCL_v4_multiple.json"))).mode).toBe("bfcl");
  });

  it("gives items that the verifier takes", async () => {
    const { items, mode } = await loadItems(fixtures);
    for (const one of await read(items)) {
      expect(verifyFunctionCalls(one, "I cannot.", { mode })).toMatchObject({ code: "no-call" });
    }
  });

  it("refuses a file without rows", async () => {
    await expect(loadItems(await write("none.json", "[]"))).rejects.toMatchObject({ code: "bad-argument" });
  });
});
