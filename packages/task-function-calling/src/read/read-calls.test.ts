import { describe, expect, it } from "vitest";
import { toPlain } from "../json/plain.ts";
import { readCalls } from "./read-calls.ts";

const A = '{"name": "a", "arguments": {"x": 1}}';
const B = '{"name": "b", "arguments": {}}';

/** Names of the calls that are read, or the code of the fail. */
function read(output: string): string {
  const reading = readCalls(output);
  return reading.kind === "fail" ? reading.code : reading.calls.map(({ name }) => name).join(" ");
}

describe("forms", () => {
  it.each([
    ["an array", `[${A}, ${B}]`],
    ["a fence", `\`\`\`json\n[${A}, ${B}]\n\`\`\``],
    ["a fence without a language", `\`\`\`\n[${A}, ${B}]\n\`\`\``],
    ["a fence in capitals", `\`\`\`JSON [${A}, ${B}]\`\`\``],
    ["several tags", `<tool_call>\n${A}\n</tool_call>\nand then\n<tool_call>${B}</tool_call>`],
    ["one tag around an array", `<tool_call>[${A}, ${B}]</tool_call>`],
    ["OpenAI's list", `[{"id": "1", "type": "function", "function": ${A}}, {"function": ${B}}]`],
    [
      "OpenAI's message",
      `{"role": "assistant", "content": null, "tool_calls": [{"function": ${A}}, {"function": ${B}}]}`,
    ],
    [
      "OpenAI's message as it is sent",
      `{"role": "assistant", "content": null, "refusal": null, "annotations": [], "audio": null, "function_call": null, "tool_calls": [{"function": ${A}}, {"function": ${B}}]}`,
    ],
    ["tags in a fence", `\`\`\`xml\n<tool_call>${A}</tool_call>\n<tool_call>${B}</tool_call>\n\`\`\`\nDone.`],
    ["arguments as text", '[{"name": "a", "arguments": "{\\"x\\": 1}"}, {"name": "b", "arguments": "{}"}]'],
    ["prose", `I will call both [1]: [${A}, ${B}]. {That} is all.`],
  ])("reads %s", (_, output) => {
    const reading = readCalls(output);
    if (reading.kind === "fail") throw new Error(reading.detail);
    expect(reading.calls.map((call) => [call.name, toPlain(call.arguments)])).toEqual([
      ["a", { x: 1 }],
      ["b", {}],
    ]);
  });

  it("reads a single object", () => {
    expect(read(A)).toBe("a");
    expect(read(`\`\`\`json\n${A}\n\`\`\``)).toBe("a");
    expect(read(`{"type": "function", "function": ${A}}`)).toBe("a");
  });
});

describe("the answer", () => {
  it.each([
    ["is the last one", `[${A}]\nNo, rather:\n[${B}]`, "b"],
    ["is the last, whatever its form", `[${A}], no:\n\`\`\`json\n[${B}]\n\`\`\``, "b"],
    ["is that in tags, whatever prose stands behind", `<tool_call>${A}</tool_call> or [${B}]?`, "a"],
    [
      "is all tags, wherever they stand",
      `<tool_call>${A}</tool_call> or [${B}]? <tool_call>${B}</tool_call>`,
      "a b",
    ],
    ["is neighbours together", `${A}\n${B}`, "a b"],
    ["is neighbours together, with commas", `${A}, ${B}`, "a b"],
    ["is neighbours together, with semicolons", `${A}; ${B}`, "a b"],
    ["is neighbours together, in fences", `\`\`\`json\n${A}\n\`\`\`\n\`\`\`json\n${B}\n\`\`\``, "a b"],
    ["is neighbours together, in lists", `[${A}]\n[${B}]`, "a b"],
    ["is neighbours together, in wrappers", `<tools>\n${A}\n</tools>\n<tools>${B}</tools>`, "a b"],
    ["is neighbours together, tagged or not", `<tool_call>${A}</tool_call>\n${B}`, "a b"],
    ["is the last of what prose parts", `${A}\nNo, rather:\n${B}`, "b"],
    ["is several calls of one tag", `<tool_call>${A}\n${B}</tool_call>`, "a b"],
    ["is outside thoughts", `<think>[${A}]</think>[${B}]`, "b"],
    ["is not in a thought that comes later", `[${A}]<THINK>[${B}]</THINK>`, "a"],
    ["is not in a thought that is never closed", `[${A}]<think>[${B}]`, "a"],
    ["is not in a thought that is never opened", `[${A}]</think>[${B}]`, "b"],
    ["is not in thoughts within thoughts", `<think><think>[${A}]</think>[${A}]</think>`, "no-call"],
    [
      "is not grown together around a thought",
      '[{"name": "a<think>b</think>", "arguments": {}}]',
      "a<think>b</think>",
    ],
    ["may hold a thought's end in a string", '[{"name": "a", "arguments": {"x": "a </think> b"}}]', "a"],
    ["is not what stands in a thought that never closes a list", `[${A}, </think>\n[${B}]`, "b"],
    ["is not what stands in a thought that never closes a text", `["so </think>\n[${B}]`, "b"],
    ["is no list to tick off", `[${A}]\n- [ ] book\n- [x] look`, "a"],
    ["is no type of a list", `[${A}] (string[])`, "a"],
    ["is no dict of Python", `[${A}] gives {'next': '09:10'}`, "a"],
    ["is no code", `[${A}] for print(f"{h1:.2f} m")`, "a"],
    [
      "is not what a fence of JSON corrects",
      `[${A}]\n\`\`\`json\n// rather\n[${B}]\n\`\`\``,
      "malformed-json",
    ],
    ["is the last, also in tags in a fence", `[${A}], no:\n\`\`\`\n<tool_call>${B}</tool_call>\n\`\`\``, "b"],
    ["is no call in a message without any", '{"role": "assistant", "content": "Hi", "tool_calls": null}', ""],
    ["is not other data", `[${A}] gives {"temperature": 20} and [1, 2]`, "a"],
    ["is not within other data", `{"result": [${A}]}`, "no-call"],
    ["is not in a fence of another language", `[${A}]\n\`\`\`python\n[${B}]\n\`\`\``, "a"],
    ["may be an empty list", `[${A}] or rather []`, ""],
    ["may hold a fence in a string", '```json\n[{"name": "a", "arguments": {"x": "```"}}]\n```', "a"],
    ["may hold brackets in a string", '[{"name": "a", "arguments": {"x": "]}\\"["}}] see [2]', "a"],
  ])("%s", (_, output, calls) => {
    expect(read(output)).toBe(calls);
  });

  it.each([
    ["a trailing comma", `[${A},]`],
    ["a list that is cut off", `[${A}, ${B}`],
    ["a list whose beginning is missing", `${A}, ${B}]`],
    ["one bracket too many", `[${A}]]`],
    ["a value that breaks off before a right call", `[{"name": "a", "arguments": {"x": NaN}}, ${B}]`],
    ["unquoted keys", '{name: "a", arguments: {"x": 1}}'],
    ["a broken last answer", `[${A}]\n[${B},]`],
    ["a fence that is never closed", `\`\`\`json\n[${A}]`],
    ["more in the fence", `\`\`\`json\n[${A}]\n// done\n\`\`\``],
    ["a tag that is never closed", `<tool_call>${A}</tool_call><tool_call>${B}`],
    ["a tag without a call", '<tool_call>{"x": 1}</tool_call>'],
    ["a name that is no text", '[{"name": ["a"], "arguments": {}}]'],
    ["arguments by position", '[{"name": "a", "arguments": [1]}]'],
    ["another key besides", '[{"name": "a", "arguments": {}, "__proto__": {}}]'],
    ["arguments as text that is no JSON", '[{"name": "a", "arguments": "x=1"}]'],
    ["arguments as text twice", '[{"name": "a", "arguments": "\\"{}\\""}]'],
    ["another type", `[{"type": "tool", "function": ${A}}]`],
    ["a function that is a name", '[{"type": "function", "function": "a"}]'],
    ["tool_calls that are no list", `{"tool_calls": ${A}}`],
    ["a message with another key", '{"tool_calls": [], "name": "a"}'],
    ["calls in lists of lists", `[[${A}]]`],
    ["more than it ever needs to be", `[${A}]${" ".repeat(2 ** 15)}`],
  ])("is malformed with %s", (_, output) => {
    expect(read(output)).toBe("malformed-json");
  });

  it.each([
    "",
    "null",
    "I cannot do that.",
    "<tool_response>{}</tool_response>",
    "[1, 2]",
    '"a"',
    "```\nhello\n```",
  ])("is none in %j", (output) => {
    expect(read(output)).toBe("no-call");
  });
});

describe("JSON alone", () => {
  const json = (output: string): string => {
    const reading = readCalls(output, { format: "json" });
    return reading.kind === "fail" ? reading.code : reading.calls.map(({ name }) => name).join(" ");
  };

  it.each([
    ["calls without a list", `${A}, ${B}`],
    ["a tag with more in it", `<tool_call>${A} ${B}</tool_call>`],
    ["no arguments", '[{"name": "a"}]'],
    ["empty arguments", '[{"name": "a", "arguments": ""}]'],
    ["arguments under another key", '[{"name": "a", "parameters": {}}]'],
    ["Python", "[a(x=1)]"],
    ["another family", "[TOOL_CALLS]a[ARGS]{}"],
  ])("is malformed with %s", (_, output) => {
    expect(json(output)).toBe("malformed-json");
  });

  it("reads what it always read", () => {
    expect(json(`[${A}, ${B}]`)).toBe("a b");
    expect(json(`<tool_call>${A}</tool_call><tool_call>${B}</tool_call>`)).toBe("a b");
  });
});

describe("hostile output", () => {
  const stretches = [
    "[",
    "{",
    "<think>",
    "```",
    "``` ",
    "```json\n",
    "<tool_call>",
    '{"name":',
    '[{"',
    "[1,",
    '["',
    "{a",
    "[]",
    "[],",
    "</think>",
    "\\",
  ];

  it.each(stretches)("is read in one pass: %j", (stretch) => {
    const start = process.cpuUsage();
    for (const before of ["", '[{"name":"a","arguments":{"x":', "<tool_call>", "```json\n["]) {
      const output = before + stretch.repeat(Math.floor((2 ** 15 - before.length) / stretch.length));
      expect(["no-call", "malformed-json", ""]).toContain(read(output).trim());
    }
    const { user, system } = process.cpuUsage(start);
    // Each of the four takes about a millisecond; a second pass for each character would take seconds.
    expect((user + system) / 1000).toBeLessThan(400);
  });
});
