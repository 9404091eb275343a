import { describe, expect, it } from "vitest";
import { readCompletion } from "./read-completion.ts";
import { readStream } from "./read-stream.ts";

function chunk(delta: object, finish_reason: string | null = null, rest: object = {}): object {
  return { object: "chat.completion.chunk", choices: [{ index: 0, delta, finish_reason }], ...rest };
}

function stream(...chunks: readonly object[]): string {
  return `${chunks.map((each) => `data: ${JSON.stringify(each)}\n\n`).join("")}data: [DONE]\n\n`;
}

const hello = stream(
  chunk({ role: "assistant", content: "" }),
  chunk({ reasoning_content: "Greet" }),
  chunk({ reasoning_content: " them." }),
  chunk({ content: "Hel" }),
  chunk({ content: "lo, wörld" }),
  chunk({}, "stop"),
  { choices: [], usage: { prompt_tokens: 5, completion_tokens: 4 } },
);

describe("readStream", () => {
  it("puts the pieces of an answer together", () => {
    expect(readCompletion(readStream(hello))).toEqual({
      kind: "answer",
      completion: {
        text: "Hello, wörld",
        finish: "stop",
        usage: { prompt: 5, completion: 4 },
        reasoning: "Greet them.",
      },
    });
  });

  it("reads comments, carriage returns and a last event without its empty line", () => {
    const loose = `: keep-alive\r\n\r\n${hello.replaceAll("\n", "\r\n").trimEnd()}`;
    expect(readStream(loose)).toEqual(readStream(hello));
  });

  it.each([
    ["with indices", [{ index: 0 }, { index: 0 }, { index: 1 }, { index: 1 }]],
    ["with ids alone", [{ id: "a" }, {}, { id: "b" }, {}]],
  ])("puts the pieces of tool calls together, %s", (_, [a, b, c, d]) => {
    const text = stream(
      chunk({ tool_calls: [{ ...a, function: { name: "f", arguments: "" } }] }),
      chunk({ tool_calls: [{ ...b, function: { arguments: '{"x":1}' } }] }),
      chunk({ tool_calls: [{ ...c, function: { name: "g", arguments: '{"y"' } }] }),
      chunk({ tool_calls: [{ ...d, function: { arguments: ":2}" } }] }),
      chunk({}, "tool_calls"),
    );
    expect(readCompletion(readStream(text))).toMatchObject({
      completion: { text: '[{"name": "f", "arguments": {"x":1}}, {"name": "g", "arguments": {"y":2}}]' },
    });
  });

  it("takes no beginning of a stream for an answer", () => {
    for (let length = 0; length < hello.length - 2; length++) {
      const outcome = readCompletion(readStream(hello.slice(0, length)));
      expect({ length, kind: outcome.kind }).toEqual({ length, kind: "broken" });
    }
  });

  it("gives the error that a stream ends with", () => {
    const error = { error: { message: "out of memory" } };
    expect(readStream(stream(chunk({ content: "Hel" }), error))).toEqual(error);
  });
});
