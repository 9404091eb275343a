import type { Model } from "@rrr/core";
import type { ModelIdentity } from "../cache/model-identity.ts";
import { createAnswerRedactor, createRedactor } from "../remote/redact.ts";
import { createRemoteModel } from "../remote/remote-model.ts";
import type { Traffic } from "../remote/traffic.ts";
import { createAttempt } from "./attempt.ts";
import { contextWindow } from "./context-window.ts";
import { createDispatcher } from "./create-dispatcher.ts";
import { explainRefusal } from "./explain-refusal.ts";
import { foldingSystem } from "./fold-system.ts";
import { seekingHope } from "./seek-hope.ts";
import { OPENAI_URL, type OpenAIModelSettings, resolveSettings } from "./settings.ts";

export interface OpenAIModel extends Model {
  /** What its answers depend on besides the request. */
  readonly identity: ModelIdentity;
  /** What it took so far to get the answers. */
  traffic(): Traffic;
  /** The longest conversation in tokens, where its server tells it. */
  contextLength(): Promise<number | undefined>;
  /** Ends its connections; requests under way fail as `aborted`. */
  close(): Promise<void>;
}

/**
 * A model behind an OpenAI-compatible server (chat completions). Each completion is one request with a seed of its own.
 * Whatever is not a whole, well-formed answer is asked for again, within bounds, and never taken for one.
 * @throws RrrError `bad-argument`; from `generate` `model-failed`, `context-overflow`, `bad-argument` or `aborted`
 * @example
 * const model = createOpenAIModel({ model: "qwen3-4b", baseURL: "http://127.0.0.1:8080/v1" });
 * const [completion] = await model.generate([{ role: "user", content: "2 + 2?" }], {
 *   maxTokens: 64, temperature: 0, seed: 1,
 * });
 */
export function createOpenAIModel(given: OpenAIModelSettings): OpenAIModel {
  const settings = resolveSettings(given);
  const { model, baseURL, apiKey, headers, body } = settings;
  const dispatcher = createDispatcher();
  const secrets = [...(apiKey === undefined ? [] : [apiKey]), ...Object.values(headers)];
  const redact = createRedactor(secrets);
  const id = baseURL === OPENAI_URL ? `openai:${model}` : `openai:${model}@${baseURL}`;
  const name = redact(`${model} at ${baseURL}`);
  const { systemRole = "system", onSystemRefused = () => {}, onHopeless } = given;
  const redactors = { redact, redactAnswer: createAnswerRedactor(secrets) };
  const sent = createAttempt(settings, dispatcher, redactors);
  const folding = foldingSystem(sent, systemRole === "user", onSystemRefused);
  const explain = () => explainRefusal(settings);
  const attempt = onHopeless === undefined ? folding : seekingHope(name, folding, explain, onHopeless);
  const remote = createRemoteModel({ id, name }, settings, attempt);
  return {
    ...remote,
    identity: { model, source: baseURL, settings: body },
    contextLength: () => contextWindow(settings),
    async close() {
      remote.close();
      await dispatcher.destroy();
    },
  };
}
