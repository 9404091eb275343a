import { take } from "@rrr/core";
import { promptCopies } from "@rrr/core/testing";
import { describe, expect, it } from "vitest";
import { functionCalling } from "./function-calling.ts";
import type { FunctionCallItem } from "./item.ts";
import { PRESETS, type PresetName } from "./presets.ts";
import { functionCallPrompt } from "./prompt.ts";
import { verifyFunctionCalls } from "./verify.ts";

const tools = [
  { name: "f", parameters: { type: "object", properties: { x: { type: "integer" } } } },
  { name: "now", parameters: { type: "object", properties: {} } },
];
const irrelevant: FunctionCallItem = { query: "Hello.", tools, expected: [] };

it("asks the built-in model word for word as it was taught", () => {
  expect(functionCalling().prompt(irrelevant)[0]?.content).toBe(
    "You can call functions. Think in <think> </think> tags if it helps, then answer with a JSON array of calls, " +
      'for example [{"name": "lookup", "arguments": {"id": 7}}].',
  );
});

describe.each(Object.keys(PRESETS) as PresetName[])("the prompts of %s", (preset) => {
  const task = functionCalling({ preset });

  it("have nothing that passes when it is copied", async () => {
    const items: readonly FunctionCallItem[] = [
      ...(await take(task.items("test", 1), 200)),
      ...(await take(task.items("train", 1), 200)),
    ];
    const passed = items.flatMap((item) =>
      promptCopies(task.prompt(item)).filter(({ text }) => verifyFunctionCalls(item, text).kind === "pass"),
    );
    expect(passed).toEqual([]);
  });

  it.runIf(preset !== "small")("show how calls are written by what is none, in whatever mode", () => {
    const shown = functionCallPrompt(irrelevant, preset)[0]?.content ?? "";
    const example = /\[\{.*\}\]/.exec(shown)?.[0] ?? "";
    expect(example).not.toBe("");
    const items: readonly (readonly ["exact" | "bfcl", FunctionCallItem])[] = [
      ["exact", irrelevant],
      ["exact", { ...irrelevant, expected: [{ name: "f", arguments: { x: 1 } }] }],
      ["bfcl", irrelevant],
      ["bfcl", { ...irrelevant, expected: [{ f: { x: [1] } }] }],
      ["bfcl", { ...irrelevant, rules: "relevance" }],
    ];
    // To copy it is neither a call of a function on offer, nor the silence that a query without a call asks for.
    for (const [mode, item] of items) {
      for (const copy of [
        shown,
        example,
        `\`\`\`json\n${example}\n\`\`\``,
        `<tool_call>${example}</tool_call>`,
      ]) {
        expect(verifyFunctionCalls(item, copy, { mode })).toMatchObject({ code: "malformed-json" });
      }
    }
  });
});
