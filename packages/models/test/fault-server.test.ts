import { createOpenAIModel } from "@rrr/models";
import { type ChatAnswer, createFaultServer } from "@rrr/models/testing";
import { afterEach, expect, it } from "vitest";
import { createReplyServer, sendJson, toChat } from "./reply-server.ts";

const options = { maxTokens: 16, temperature: 0, seed: 1 };
const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

it("stands in front of another server, and asks it only for right answers", async () => {
  const upstream = await createReplyServer((_, response) =>
    sendJson(response, 200, toChat({ content: "4" })),
  );
  const server = await createFaultServer({
    plan: ({ attempt }) => (["reset-in-body", "html-200"] as const)[attempt - 1],
    async answer(body) {
      const response = await fetch(`${upstream.url}/chat/completions`, {
        method: "POST",
        body: JSON.stringify({ ...body, stream: false }),
      });
      return (await response.json()) as ChatAnswer;
    },
  });
  open.push(server, upstream);
  for (const stream of [false, true]) {
    const model = createOpenAIModel({ model: "m", baseURL: server.url, stream, backoffMs: 1 });
    open.unshift(model);
    const completions = await model.generate([{ role: "user", content: "2 + 2?" }], options);
    expect(completions).toEqual([{ text: "4", finish: "stop", usage: { prompt: 3, completion: 2 } }]);
  }
  expect(upstream.asked).toHaveLength(2);
  expect([...server.served.values()]).toEqual(
    Array(2).fill({ asks: 3, faults: 2, answered: true, askedAfterAnswer: 0, waits: [] }),
  );
});
