import type { Model } from "@rrr/core";
import { createPatience } from "../remote/patience.ts";
import { createRemoteModel } from "../remote/remote-model.ts";
import { type RemoteSettings, resolveRemoteSettings } from "../remote/settings.ts";
import { wireTools } from "../remote/wire-tools.ts";
import { toCallOptions } from "./call-options.ts";
import { classifyThrown } from "./classify-thrown.ts";
import { withDeadline } from "./deadline.ts";
import type { AISDKLanguageModel } from "./language-model.ts";
import { readResult } from "./read-result.ts";

/** How hard the model is asked. */
export type FromAISDKOptions = RemoteSettings;

/**
 * A language model of the AI SDK as a model of ours. What is not a whole answer, such as an empty one, one that a
 * filter cut, or an error, is asked for again, within bounds, and never taken for one.
 * @throws RrrError `bad-argument`; from `generate` `model-failed`, `context-overflow` or `aborted`
 * @example
 * const model = fromAISDK(createOpenAICompatible({ name: "local", baseURL })("qwen3-4b"));
 */
export function fromAISDK(model: AISDKLanguageModel, options: FromAISDKOptions = {}): Model {
  const settings = resolveRemoteSettings(options);
  const patience = createPatience(settings.timeoutMs, settings.concurrency);
  const name = `${model.provider}/${model.modelId}`;
  const { id, generate } = createRemoteModel({ id: `ai-sdk:${name}`, name }, settings, (question, signal) =>
    withDeadline(signal, settings.timeoutMs, patience.begin(), (own) =>
      model.doGenerate(toCallOptions(question, own, wireTools(question.messages).tools)),
    ).then(
      (result) => readResult(result, question),
      (error: unknown) => {
        if (signal.aborted) throw signal.reason;
        return classifyThrown(error);
      },
    ),
  );
  return { id, generate };
}
