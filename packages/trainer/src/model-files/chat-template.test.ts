import type { Message } from "@rrr/core";
import { describe, expect, test } from "vitest";
import { chatTemplate } from "./chat-template.ts";
import type { TextFileName, TextFiles } from "./text-files.ts";

const PLAIN = "{% for m in messages %}[{{ m.role }}] {{ m.content | trim }}{% endfor %}";
const user: Message = { role: "user", content: " x " };
const none: TextFiles = new Map();
const named = (...names: readonly string[]) => names.map((name) => ({ name, template: `${name} ${PLAIN}` }));
const refusal = (text: string) =>
  expect.objectContaining({ code: "bad-model", message: expect.stringContaining(text) });

describe("where the template is found", () => {
  test("of named ones the default is taken", () => {
    expect(chatTemplate(none, { chat_template: named("rag", "default") })([user])).toBe("default [user] x");
    expect(() => chatTemplate(none, { chat_template: named("rag", "tool_use") })).toThrow(
      refusal('"rag", "tool_use"'),
    );
    expect(() => chatTemplate(none, { chat_template: [null, 7, { name: "default" }] })).toThrow(
      refusal("default"),
    );
  });

  test("chat_template.jinja before tokenizer_config.json before chat_template.json", () => {
    const files = new Map<TextFileName, string>([
      ["chat_template.json", JSON.stringify({ chat_template: `j ${PLAIN}` })],
    ]);
    expect(chatTemplate(files, {})([user])).toBe("j [user] x");
    expect(chatTemplate(files, { chat_template: `c ${PLAIN}` })([user])).toBe("c [user] x");
    files.set("chat_template.jinja", `f ${PLAIN}`);
    expect(chatTemplate(files, { chat_template: `c ${PLAIN}` })([user])).toBe("f [user] x");
  });
});

describe("a template that loses what is said", () => {
  test.each([
    ["everything", "{{ messages | length }}"],
    ["the text", "{% for m in messages %}{{ m.role }}{% endfor %}"],
    ["nothing but an opening", "{% if add_generation_prompt %}assistant{% endif %}"],
  ])("is refused at once: %s", (_, source) => {
    expect(() => chatTemplate(none, { chat_template: source })).toThrow(refusal("drops what the user says"));
  });

  test("is refused when it does so only in a longer conversation", () => {
    const first = chatTemplate(none, { chat_template: "{{ messages[0].content }}" });
    expect(first([user])).toBe(" x ");
    expect(() =>
      first([user, { role: "assistant", content: "y" }, { role: "user", content: "again" }]),
    ).toThrow(refusal('"again" is not in the prompt'));
    expect(() => first([{ role: "system", content: "be brief" }, user])).toThrow(
      refusal("drops what the user says"),
    );
  });

  test("may take the thinking out of the assistant's turns", () => {
    const source = "{% for m in messages %}{{ m.content.split('</think>')[-1] }}{% endfor %}";
    const thought: Message = { role: "assistant", content: "<think>hm</think>y" };
    expect(chatTemplate(none, { chat_template: source })([user, thought])).toBe(" x y");
  });
});

test("what a template throws is an error of the model, at once or later", () => {
  const late = `{% if messages[0].role == "system" %}{{ raise_exception("no system\\nrole") }}{% endif %}${PLAIN}`;
  expect(() => chatTemplate(none, { chat_template: "{{ raise_exception('never') }}" })).toThrow(
    refusal("never"),
  );
  const render = chatTemplate(none, { chat_template: late });
  expect(() => render([{ role: "system", content: "be brief" }, user])).toThrow(refusal("no system role"));
});
