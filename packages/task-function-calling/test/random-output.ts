import type { Random } from "@rrr/core";

const PIECES = [
  ...'[]{}",: \n\t\\`<>01-.eE',
  "```",
  "```json\n",
  "<think>",
  "</think>",
  "<tool_call>",
  "</tool_call>",
  '"name":',
  '"arguments":{',
  '{"name":"get_weather","arguments":{"city":"Paris"}}',
  '{"city":"Paris","days":3},',
  '"tool_calls":[',
  '"function":',
  '"Paris"',
  "\\u00e9",
  "\\ud800",
  "true",
  "null",
  "12345678901234567890",
  "[get_weather(",
  "get_weather(",
  "city='Paris'",
  'city="Paris", ',
  ")",
  "=",
  "'",
  "'''",
  "#",
  "<function=get_weather>",
  "<parameter=city>",
  "</parameter>",
  "</function>",
  '<invoke name="get_weather">',
  '<parameter name="city">',
  "</invoke>",
  "[TOOL_CALLS]get_weather[ARGS]",
  "<｜tool▁call▁begin｜>get_weather<｜tool▁sep｜>",
  "<｜tool▁call▁end｜>",
  "<|tool_call_begin|>functions.get_weather:0<|tool_call_argument_begin|>",
  "<|tool_call_end|>",
  "get_weather\n",
  "<arg_key>",
  "</arg_key><arg_value>",
  "</arg_value>",
  "<tool_response>",
  "</tools>",
  "<tools>",
  '"parameters":{',
  "```python\n",
  "\u0000",
  "\ud800",
  "🙂",
];

/** Any text of up to 100,000 characters, short ones as often as long ones; often within a call. */
export function randomOutput(random: Random): string {
  const length = Math.floor(100_000 ** random.next());
  const alphabet = Array.from({ length: 1 + random.int(8) }, () => random.pick(PIECES));
  // A random stretch, repeated: hostile text is mostly regular, and random text all through would cost more to make
  // than to judge.
  const stretch = Array.from({ length: 1 + random.int(60) }, () => random.pick(alphabet)).join("");
  const text = stretch.repeat(Math.ceil(length / stretch.length)).slice(0, length);
  return random.pick(FRAMES)(text).slice(0, 100_000);
}

const FRAMES: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => `[{"name":"get_weather","arguments":{"city":"Paris","x":[${text}]}}]`,
  (text) => `[{"name":"get_weather","arguments":{"city":${JSON.stringify(text)}}}]`,
  (text) => `<tool_call>${text}</tool_call>`,
  (text) => `[get_weather(city=${text})]`,
  (text) => `<function=get_weather><parameter=city>${text}</parameter></function>`,
  (text) => `[TOOL_CALLS]get_weather[ARGS]{"city":${text}}`,
  (text) => `<think>${text}</think>[get_weather(city="Paris",days=3)]`,
  (text) => `\`\`\`json\n${text}\n\`\`\``,
];
