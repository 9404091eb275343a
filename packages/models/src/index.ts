// AI SDK.
export { type FromAISDKOptions, fromAISDK } from "./ai-sdk/from-ai-sdk.ts";
export type {
  AISDKCallOptions,
  AISDKLanguageModel,
  AISDKMessage,
  AISDKResult,
  AISDKTool,
} from "./ai-sdk/language-model.ts";
// Budgets.
export type { Amount } from "./budget/amount.ts";
export { type Budget, createBudget, type Reservation, type Spent } from "./budget/budget.ts";
export type { BudgetLimits } from "./budget/limits.ts";
export { type Price, type Prices, priceOf, readPrices } from "./budget/price.ts";
export { withBudget } from "./budget/with-budget.ts";
// The response cache.
export {
  type CacheContents,
  type CachedModel,
  type CacheSelection,
  clearCache,
  readCacheContents,
} from "./cache/cache-contents.ts";
export { responseCachePath } from "./cache/cache-path.ts";
export type { ModelIdentity } from "./cache/model-identity.ts";
export {
  openResponseCache,
  type ResponseCache,
  type ResponseCacheOptions,
  type Served,
} from "./cache/response-cache.ts";
export { withCache } from "./cache/with-cache.ts";
// Models of a hub.
export type { Patience } from "./hub/hub-client.ts";
export { HUB_URL } from "./hub/hub-names.ts";
export type { FileHash, HubFile, PullEvent, PulledModel } from "./hub/pull-event.ts";
export { type PullOptions, pullModel } from "./hub/pull-model.ts";
// Models by name.
export type { GetSettings } from "./openai/get-json.ts";
// OpenAI-compatible servers.
export { createOpenAIModel, type OpenAIModel } from "./openai/openai-model.ts";
export { type MaxTokensField, OPENAI_URL, type OpenAIModelSettings } from "./openai/settings.ts";
// What OpenAI-compatible servers and the models of the AI SDK have in common.
export type { RemoteSettings } from "./remote/settings.ts";
export type { Traffic } from "./remote/traffic.ts";
// Models by name.
export { folderHash } from "./spec/folder-hash.ts";
export { isLocalAddress } from "./spec/is-local-address.ts";
export { isTransformersInstalled } from "./spec/is-transformers-installed.ts";
export { type ModelSpec, parseModelSpec } from "./spec/model-spec.ts";
export { checkOpenOptions, type OpenedModel, type OpenModelOptions, openModel } from "./spec/open-model.ts";
export { type ServedModel, servedModel } from "./spec/served-model.ts";
export { listServerModels, type ServerModelsOptions } from "./spec/server-models.ts";
// Local ONNX models.
export type { TransformersSource } from "./transformers/load.ts";
export {
  createTransformersModel,
  type TransformersModel,
  type TransformersModelOptions,
} from "./transformers/transformers-model.ts";
