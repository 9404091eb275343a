import { RrrError } from "@rrr/core";
import { createOpenAIModel, type OpenAIModel, type OpenAIModelSettings } from "@rrr/models";
import { onTestFinished } from "vitest";
import { createReplyServer, type ReplyServer, sendJson, toChat } from "./reply-server.ts";

/** A server that goes away after the test. */
export async function serve(...given: Parameters<typeof createReplyServer>): Promise<ReplyServer> {
  const server = await createReplyServer(...given);
  onTestFinished(() => server.close());
  return server;
}

export function serveAnswers(): Promise<ReplyServer> {
  return serve((_, response) => sendJson(response, 200, toChat({ content: "4" })));
}

/** A model that hardly waits, and goes away after the test. */
export function modelAt(url: string, settings: Partial<OpenAIModelSettings> = {}): OpenAIModel {
  const model = createOpenAIModel({ model: "m", baseURL: url, backoffMs: 1, ...settings });
  onTestFinished(() => model.close());
  return model;
}

export async function errorOf(promise: Promise<unknown>): Promise<RrrError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!RrrError.is(error)) throw new Error(`expected an RrrError, got ${String(error)}`);
  return error;
}
