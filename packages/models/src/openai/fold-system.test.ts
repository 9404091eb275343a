import type { Message } from "@rrr/core";
import { describe, expect, it } from "vitest";
import { sendJson, toChat } from "../../test/reply-server.ts";
import { errorOf, modelAt, serve } from "../../test/serve.ts";
import { foldSystem } from "./fold-system.ts";

const ask: readonly Message[] = [
  { role: "system", content: "Be short." },
  { role: "user", content: "2 + 2?" },
];
const folded = [{ role: "user", content: "Be short.\n\n2 + 2?" }];
const options = { maxTokens: 16, temperature: 0.5, seed: 7 };

const hasSystem = (body: { readonly [field: string]: unknown }): boolean =>
  (body.messages as readonly Message[]).some(({ role }) => role === "system");

describe("a server that refuses the system role", () => {
  it.each([
    [500, "Jinja Exception: System role not supported"],
    [400, "System role not supported"],
    [400, "Unsupported value: 'messages[0].role' does not support 'system' with this model."],
    [400, "Developer instruction is not enabled for models/gemma-3-27b-it"],
    [400, "Conversation roles must alternate user/assistant/user/assistant/..."],
    [400, "Only user and assistant roles are supported!"],
    [422, 'messages: Unexpected role "system". The Messages API accepts a top-level `system` parameter'],
    [400, "'system' is not one of ['user', 'assistant'] - 'messages.0.role'"],
  ])("is asked without it, found out once: %d %s", async (status, message) => {
    const server = await serve(({ body }, response) =>
      hasSystem(body)
        ? sendJson(response, status, { error: { message } })
        : sendJson(response, 200, toChat({ content: "4" })),
    );
    let told = 0;
    const model = modelAt(server.url, { onSystemRefused: () => told++ });
    for (let seed = 0; seed < 3; seed++) await model.generate(ask, { ...options, seed });
    expect(server.asked.map(({ body }) => hasSystem(body))).toEqual([true, false, false, false]);
    expect(server.asked.at(-1)?.body.messages).toEqual(folded);
    expect(told).toBe(1);
  });

  it("is asked without it from the beginning where that is known", async () => {
    const server = await serve((_, response) => sendJson(response, 200, toChat({ content: "4" })));
    await modelAt(server.url, { systemRole: "user" }).generate(ask, options);
    expect(server.asked[0]?.body.messages).toEqual(folded);
  });
});

it("another error that speaks of a system is none of that kind", async () => {
  const server = await serve((_, response) => sendJson(response, 400, { error: { message: "system role" } }));
  let told = 0;
  const model = modelAt(server.url, { onSystemRefused: () => told++ });
  expect((await errorOf(model.generate(ask, options))).message).toContain("HTTP 400: system role");
  await errorOf(model.generate(ask, options));
  expect(told).toBe(0);
  expect(server.asked.filter(({ body }) => hasSystem(body))).toHaveLength(2);
});

it("nothing that was said is lost, tools neither", () => {
  const tools = [{ name: "f", parameters: { type: "object" } }];
  expect(foldSystem([{ role: "system", content: "A", tools }])).toEqual([
    { role: "user", content: "A", tools },
  ]);
  expect(
    foldSystem([
      { role: "system", content: "A", tools },
      { role: "system", content: "B" },
      { role: "user", content: "C" },
      { role: "assistant", content: "D" },
      { role: "user", content: "E" },
    ]),
  ).toEqual([
    { role: "user", content: "A\n\nB\n\nC", tools },
    { role: "assistant", content: "D" },
    { role: "user", content: "E" },
  ]);
});
