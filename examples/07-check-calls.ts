// Check the function calls of any model in a program of your own: no training, no task, one function.
import { verifyFunctionCalls } from "@rrr/task-function-calling";

const parameters = {
  type: "object",
  properties: { city: { type: "string" }, days: { type: "integer", default: 1 } },
  required: ["city"],
};
const item = {
  query: "How will the weather be in Paris tomorrow?",
  tools: [{ name: "get_weather", description: "Weather forecast", parameters }],
  expected: [{ name: "get_weather", arguments: { city: "Paris" } }],
};

/** What came back: a message of the chat completions API, a fenced block, tags, bare JSON. */
const call = { name: "get_weather", arguments: '{"city": "Paris", "days": 1}' };
const outputs = [
  JSON.stringify({ tool_calls: [{ id: "1", type: "function", function: call }] }),
  '<tool_call>{"name": "get_weather", "arguments": {"city": "Paris"}}</tool_call>',
  '[{"name": "get_weather", "arguments": {"city": "Paris", "days": "1"}}]',
  '[{"name": "get_forecast", "arguments": {"city": "Paris"}}]',
];

for (const output of outputs) {
  const verdict = verifyFunctionCalls(item, output);
  console.log(verdict.kind === "fail" ? `fail ${verdict.code}: ${verdict.detail}` : verdict.kind);
}
