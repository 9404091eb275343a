// The plugin contract.

// Rewards and statistics.
export { type AdvantageSettings, groupAdvantages } from "./advantages.ts";
export { checkOptions } from "./check-options.ts";
export { assertTask, isTask } from "./check-task.ts";
// Episodes.
export { attemptPrompt, blindRetryPrompt, reflectionPrompt, retryPrompt } from "./conversation.ts";
export {
  definePlugin,
  type OptionSchema,
  type OptionSchemas,
  type Plugin,
  type PluginDefinition,
} from "./define-plugin.ts";
export { DEFAULT_LIMITS, defineTask, type TaskDefinition } from "./define-task.ts";
export type { Attempt, AttemptOutcome, Episode, FailedAttempt, Reflection } from "./episode.ts";
// Randomness and errors.
export { messageOf, RrrError, type RrrErrorCode, type RrrErrorOptions } from "./errors.ts";
export { issuesText } from "./issues-text.ts";
export { reflectionLeaks } from "./leaks.ts";
export type { Message, ToolDefinition } from "./message.ts";

// Models.
export {
  type Completion,
  type CompletionTokens,
  type GenerateOptions,
  type Model,
  type TokenUsage,
  tokenCount,
} from "./model.ts";
export { nearestName } from "./nearest-name.ts";
export { oneOf } from "./one-of.ts";
export { createRandom, deriveKey, type Random, uniformAt } from "./random.ts";
export { defaultReflectionRequest } from "./reflection-request.ts";
export type { RolloutSettings } from "./rollout.ts";
export {
  reflectAndRetry,
  reflectAndRetryGroup,
  runAnswer,
  runAttempt,
  runEpisode,
  toFailure,
} from "./run-episode.ts";
export { schemaOf } from "./schema-of.ts";
export type { SchemaIssue, SchemaResult, StandardSchema } from "./standard-schema.ts";
export { clusteredDifference, clusteredShare } from "./statistics/clustered.ts";
export type { Estimate, Interval } from "./statistics/interval.ts";
export { countPairs, mcnemarExact, type PairedCounts, pairedDifference } from "./statistics/paired.ts";
export { passAtK } from "./statistics/pass-at-k.ts";
export { meanInterval } from "./statistics/student.ts";
export { wilson } from "./statistics/wilson.ts";
export type {
  Failure,
  MaybePromise,
  ReflectionPrompt,
  Task,
  TokenLimits,
  Verifier,
  VerifyContext,
} from "./task.ts";
export { DEFAULT_VERIFY_TIMEOUT_MS, type VerifySettings } from "./time-limit.ts";
export { hasToolsSlot, toolsOf, withToolsAsText } from "./tools-as-text.ts";
export { fail, invalid, pass, type Verdict } from "./verdict.ts";
export { verifyWithin } from "./verify.ts";
