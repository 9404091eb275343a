import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { take } from "@rrr/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FunctionCallItem } from "../item.ts";
import { verifyFunctionCalls } from "../verify.ts";
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
    const rows = ["answers", "expected"].map(
      (field) => `{"query": "q", "tools": ${xlam.tools}, "${field}": ${calls}}`,
    );
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
    ["line 1: tools[0] must be", '{"query": "q", "tools": [{"title": "f"}], "answers": []}'],
    [
      "line 1: tools[0].parameters must be an object, got an array",
      '{"query": "q", "tools": [{"name": "f", "parameters": []}], "answers": []}',
    ],
    [
      "line 1: tools[0].description must be a string",
      '{"query": "q", "tools": [{"name": "f", "description": 5}], "answers": []}',
    ],
    [
      'line 1: tools[1] is a second "f"',
      '{"query": "q", "tools": [{"name": "f"}, {"name": "f"}], "answers": []}',
    ],
    [
      'line 1: expected calls "g", which is none of the tools',
      '{"query": "q", "tools": [{"name": "f"}], "answers": [{"name": "g", "arguments": {}}]}',
    ],
    [
      'line 1: the parameters of "f" are no schema',
      '{"query": "q", "tools": [{"name": "f", "parameters": {"type": "object", "required": 5}}], "answers": []}',
    ],
    ["line 1: answers: call 1", '{"query": "q", "tools": [], "answers": [{"name": 5}]}'],
    ["line 1: a row of over", `{"query": "${"x".repeat(2 ** 20)}`],
    ["line 2: a row of over", `[${good},\n{"query": "${"x".repeat(2 ** 21)}"}]`],
  ])("names the line: %s", async (message, text) => {
    const path = await write("bad.json", text);
    const expected = { code: "bad-item", message: expect.stringContaining(`${path}, ${message}`) };
    await expect(read(loadXlam(path))).rejects.toMatchObject(expected);
  });

  it("reads tools as others write them", async () => {
    const [{ name, description, parameters }] = tools as [(typeof tools)[number]];
    const written = [
      { type: "function", function: { name, description, parameters } },
      { name, description, input_schema: parameters },
      { name, description, inputSchema: parameters },
      { name, description, parameters, response: { type: "str" } },
    ];
    const path = await write(
      "wrapped.jsonl",
      written.map((tool) => JSON.stringify({ ...xlam, tools: [tool] })).join("\n"),
    );
    expect(await read(loadXlam(path))).toEqual(written.map(() => item));
    const bare = [{ name }, { type: "function", function: { name, parameters: null } }];
    const none = bare.map((tool) =>
      JSON.stringify({ query, tools: [tool], answers: [{ name, arguments: {} }] }),
    );
    for (const { tools } of await read(loadXlam(await write("bare.jsonl", none.join("\n"))))) {
      expect(tools).toEqual([{ name, parameters: {} }]);
    }
  });

  it("leaves bad rows out where that is wanted, and tells of each", async () => {
    const rows = [xlam, { ...xlam, query: 5 }, xlam, { ...xlam, tools: "[" }];
    const told: string[] = [];
    const onBadRow = ({ message }: Error): void => void told.push(message);
    const lines = await write("some.jsonl", `${rows.map((row) => JSON.stringify(row)).join("\n")}\nnonsense`);
    expect(await read(loadXlam(lines, { onBadRow }))).toEqual([item, item]);
    const array = await write(
      "some.json",
      `[${JSON.stringify(xlam)},\n{"query": },\n${JSON.stringify(xlam)}]`,
    );
    expect(await read(loadXlam(array, { onBadRow }))).toEqual([item, item]);
    expect(told.map((message) => /line \d+/.exec(message)?.[0])).toEqual([
      "line 2",
      "line 4",
      "line 5",
      "line 2",
    ]);
  });

  it("never leaves out what is behind the place where a file breaks off", async () => {
    const path = await write("broken.json", `[${JSON.stringify(xlam)},\n{"query": "q"`);
    await expect(read(loadXlam(path, { onBadRow: () => {} }))).rejects.toMatchObject({ code: "bad-item" });
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
      const wanted =
        one.expected === "[]" && one.rules === undefined ? { kind: "pass" } : { code: "no-call" };
      expect(verifyFunctionCalls(one, "I cannot.", { mode })).toMatchObject(wanted);
    }
  });

  it("refuses a file without rows", async () => {
    await expect(loadItems(await write("none.json", "[]"))).rejects.toMatchObject({ code: "bad-argument" });
  });
});
