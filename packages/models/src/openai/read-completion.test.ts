import { readCalls } from "@rrr/task-function-calling";
import { describe, expect, it } from "vitest";
import { readCompletion } from "./read-completion.ts";

function body(message: unknown, finish_reason: unknown = "stop", rest: object = {}): unknown {
  return { choices: [{ index: 0, message, finish_reason }], ...rest };
}

function call(name: unknown, args: unknown): object {
  return { id: "call_1", type: "function", function: { name, arguments: args } };
}

/** The completion, or what is wrong. */
function read(given: unknown): unknown {
  const outcome = readCompletion(given);
  if (outcome.kind === "answer") return outcome.completion;
  return "problem" in outcome ? outcome.problem : outcome;
}

describe("readCompletion", () => {
  it.each<[string, unknown, unknown]>([
    ["text", body({ content: "4" }), { text: "4", finish: "stop" }],
    ["text that was cut off", body({ content: "4" }, "length"), { text: "4", finish: "length" }],
    ["a turn that ended at once", body({ content: "" }), { text: "", finish: "stop" }],
    [
      "usage",
      body({ content: "4" }, "stop", { usage: { prompt_tokens: 7, completion_tokens: 2 } }),
      { text: "4", finish: "stop", usage: { prompt: 7, completion: 2 } },
    ],
    [
      "usage that is no count, which is estimated from the text",
      body({ content: "4" }, "stop", { usage: { prompt_tokens: "7", completion_tokens: 2 } }),
      {
        text: "4",
        finish: "stop",
        usage: { prompt: 0, completion: 2, estimated: true, contradicts: "prompt_tokens is no count" },
      },
    ],
    [
      "reasoning beside the answer",
      body({ content: "4", reasoning_content: "2 and 2" }),
      { text: "4", finish: "stop", reasoning: "2 and 2" },
    ],
    [
      "reasoning by its other name",
      body({ content: "4", reasoning: "2 and 2", reasoning_content: null }),
      { text: "4", finish: "stop", reasoning: "2 and 2" },
    ],
    [
      "reasoning that was cut off, for which servers have null",
      body({ content: null, reasoning_content: "2 and" }, "length"),
      { text: "", finish: "length", reasoning: "2 and" },
    ],
    [
      "thoughts within the content, which are the task's to judge",
      body({ content: "<think>2 and 2</think>4" }),
      { text: "<think>2 and 2</think>4", finish: "stop" },
    ],
    [
      "tool calls",
      body({ content: null, tool_calls: [call("f", '{"x": 1}'), call("g", "{}")] }, "tool_calls"),
      { text: '[{"name": "f", "arguments": {"x": 1}}, {"name": "g", "arguments": {}}]', finish: "stop" },
    ],
    [
      "tool calls after text",
      body({ content: "Let me see.", tool_calls: [call("f", "{}")] }, "tool_calls"),
      { text: 'Let me see.\n[{"name": "f", "arguments": {}}]', finish: "stop" },
    ],
    [
      "parts of text and thought",
      body({
        content: [
          { type: "thinking", thinking: [{ type: "text", text: "2 and 2" }] },
          { type: "text", text: "It is " },
          { type: "text", text: "4" },
        ],
      }),
      { text: "It is 4", finish: "stop", reasoning: "2 and 2" },
    ],
    [
      "tool calls whose arguments are an object",
      body({ content: "", tool_calls: [call("f", { x: [1, 2.5] })] }, "tool_calls"),
      { text: '[{"name": "f", "arguments": {"x":[1,2.5]}}]', finish: "stop" },
    ],
    [
      "the older form of a call",
      body({ content: null, function_call: { name: "f", arguments: "{}" } }, "function_call"),
      { text: '[{"name": "f", "arguments": {}}]', finish: "stop" },
    ],
    [
      "a refusal of the model's, which is its answer",
      body({ content: null, refusal: "I cannot help." }),
      { text: "I cannot help.", finish: "stop" },
    ],
    [
      "nothing, where a thought that nobody returned was cut off",
      body({ role: "assistant" }, "length"),
      { text: "", finish: "length" },
    ],
  ])("reads %s", (_, given, completion) => expect(read(given)).toEqual(completion));

  it.each<[string, unknown, string]>([
    ["null", null, "a body that is no JSON object"],
    ["a list", [], "a body that is no JSON object"],
    ["text", "4", "a body that is no JSON object"],
    ["no choices", { content: "4" }, "no choices"],
    ["choices that are no list", { choices: { 0: {} } }, "no choices"],
    ["an empty list", { choices: [] }, "0 choices where one was asked for"],
    ["two choices", { choices: [{}, {}] }, "2 choices where one was asked for"],
    ["a choice that is null", { choices: [null] }, "a choice without a message"],
    [
      "a choice without a message",
      { choices: [{ finish_reason: "stop", text: "4" }] },
      "a choice without a message",
    ],
    ["no finish reason", { choices: [{ message: { content: "4" } }] }, "finish reason missing"],
    ["a finish reason of null", body({ content: "4" }, null), "finish reason null"],
    ["an inherited finish reason", body({ content: "4" }, "constructor"), 'finish reason "constructor"'],
    ["a filtered answer", body({ content: "4" }, "content_filter"), 'finish reason "content_filter"'],
    ["an aborted answer", body({ content: "4" }, "abort"), 'finish reason "abort"'],
    ["content of null", body({ content: null }), "an answer whose content is null"],
    ["no content", body({ role: "assistant" }), "an answer whose content is null"],
    ["content that is a number", body({ content: 4 }), "an answer whose content is of type number"],
    ["content in parts", body({ content: [{ text: "4" }] }), "an answer whose content is of type object"],
    [
      "a content part of another kind",
      body({ content: [{ type: "text", text: "4" }, { type: "image_url" }] }),
      "an answer with a content part of type image_url",
    ],
    ["no content parts", body({ content: [] }), "an answer whose content is null"],
    [
      "arguments whose numbers were rounded in reading",
      body({ content: "", tool_calls: [call("f", { x: 2 ** 60 })] }),
      "an answer whose tool calls are malformed",
    ],
    [
      "tool calls that are none",
      body({ content: null, tool_calls: [{}] }),
      "an answer whose tool calls are malformed",
    ],
    [
      "a tool call without arguments",
      body({ content: null, tool_calls: [call("f", undefined)] }),
      "an answer whose tool calls are malformed",
    ],
    [
      "tool calls that are no list",
      body({ content: "4", tool_calls: {} }),
      "an answer whose tool calls are malformed",
    ],
  ])("refuses %s", (_, given, problem) => expect(read(given)).toBe(problem));

  it.each([
    ...[
      "eos",
      "eos_token",
      "STOP",
      "end_turn",
      "stop_sequence",
      "tool-calls",
      "COMPLETE",
      "FINISH_REASON_STOP",
    ],
  ])("reads the finish reason %s as the end", (reason) => {
    expect(read(body({ content: "4" }, reason))).toEqual({ text: "4", finish: "stop" });
  });

  it.each(["MAX_TOKENS", "model_length", "max_tokens", "max_output_tokens", "FINISH_REASON_MAX_TOKENS"])(
    "reads the finish reason %s as cut off",
    (reason) => expect(read(body({ content: "4" }, reason))).toEqual({ text: "4", finish: "length" }),
  );

  it.each(["", "refusal", "SAFETY", "unlike any", 7, {}, ["stop"]])(
    "refuses the finish reason %j at once, by its name",
    (reason) => {
      const outcome = readCompletion(body({ content: "4" }, reason));
      expect(outcome).toMatchObject({ kind: "refused", problem: `finish reason ${JSON.stringify(reason)}` });
    },
  );

  it.each(["content_filter", "abort", "error", null])("asks again after the finish reason %j", (reason) => {
    expect(readCompletion(body({ content: "4" }, reason)).kind).toBe("broken");
  });

  it("says what a rejected answer took", () => {
    const usage = { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9 };
    for (const given of [body({ content: "4" }, "odd", { usage }), { choices: [], usage }]) {
      const took = { usage: { prompt: 7, completion: 2 }, readable: true };
      expect(readCompletion(given, { prompt: "2 + 2?" })).toMatchObject({ rejected: took });
    }
  });

  it.each(['{"x": 12345678901234567890}', '{"x": 1.0, "y": "}\\n{"}', "{}", '{"x": 1'])(
    "writes tool calls so that the function-calling task reads what the server sent: %s",
    (args) => {
      const one = read(body({ content: null, tool_calls: [call("f", args)] })) as { text: string };
      const asOpenAI = JSON.stringify({ tool_calls: [call("f", args)] });
      expect(readCalls(one.text).kind).toBe(args === '{"x": 1' ? "fail" : "calls");
      expect(readCalls(one.text)).toEqual({ ...readCalls(asOpenAI) });
    },
  );
});
