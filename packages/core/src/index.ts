// The plugin contract: what a task is, and what it is made with.

export { checkOptions } from "./check-options.ts";
export { checkSettings, type SettingCheck, type SettingChecks, setting } from "./check-settings.ts";
export { assertTask } from "./check-task.ts";
export { checkedOptions } from "./checked-options.ts";
export {
  definePlugin,
  type OptionSchema,
  type OptionSchemas,
  type Plugin,
  type PluginDefinition,
  type Presets,
} from "./define-plugin.ts";
export { DEFAULT_LIMITS, defineTask, type TaskDefinition } from "./define-task.ts";
export type { Message, ToolDefinition } from "./message.ts";
export { oneOf } from "./one-of.ts";
export { defaultReflectionRequest } from "./reflection-request.ts";
export { RETRY_LAYOUTS, type RetryLayout, retryLayoutOf } from "./retry-layout.ts";
export { schemaOf } from "./schema-of.ts";
export { serverToolNames } from "./server-tool-names.ts";
export { type Shown, type ShownRow, shownAnswer, shownItem } from "./shown.ts";
export type { SchemaIssue, SchemaResult, StandardSchema } from "./standard-schema.ts";
export type {
  Failure,
  MaybePromise,
  ReflectionPrompt,
  ScoredItem,
  ScoreLine,
  Task,
  TaskLimits,
  TokenLimits,
  Verifier,
  VerifyContext,
} from "./task.ts";
export { fail, invalid, pass, type Verdict } from "./verdict.ts";

// Items: how they enter, and which of them are held out.

export { isHeldOut } from "./items/is-held-out.ts";
export { itemsOf } from "./items/items-of.ts";
export { parseItem } from "./items/parse-item.ts";
export { take } from "./items/take.ts";

// Models.

export {
  type Completion,
  type CompletionTokens,
  type GenerateOptions,
  type Model,
  type TokenUsage,
  tokenCount,
} from "./model.ts";
export {
  apartFromOpened,
  isOnlyThought,
  readTemplateHistory,
  type ShownAs,
  type TemplateHistory,
  THOUGHT_TAGS,
  type ThoughtTags,
  withHidden,
} from "./template-history.ts";
export { hasToolsSlot, toolsOf, withToolsAsText } from "./tools-as-text.ts";

// Episodes: attempt, verdict, reflection, retry, verdict.

export { attemptPrompt, blindRetryPrompt, reflectionPrompt, retryPrompt } from "./conversation.ts";
export type { Attempt, AttemptOutcome, Episode, Errored, FailedAttempt, Reflection } from "./episode.ts";
export { reflectionLeaks } from "./leaks.ts";
export type { RolloutSettings } from "./rollout.ts";
export {
  reflectAndRetryGroup,
  runAnswer,
  runAttempt,
  runEpisode,
  runRounds,
  toFailure,
} from "./run-episode.ts";
export type { VerifySettings } from "./time-limit.ts";
export { verifyWithin } from "./verify.ts";

// Advantages and statistics.

export { type AdvantageSettings, groupAdvantages } from "./advantages.ts";
export { clusteredDifference, clusteredShare } from "./statistics/clustered.ts";
export type { Estimate, Interval } from "./statistics/interval.ts";
export { countPairs, mcnemarExact, type PairedCounts, pairedDifference } from "./statistics/paired.ts";
export { passAtK } from "./statistics/pass-at-k.ts";
export { meanInterval } from "./statistics/student.ts";
export { wilson } from "./statistics/wilson.ts";

// Randomness and errors.

export { messageOf, RrrError, type RrrErrorCode, type RrrErrorOptions } from "./errors.ts";
export { nearestName } from "./nearest-name.ts";
export { createRandom, deriveKey, type Random, uniformAt } from "./random.ts";

// Texts from elsewhere.

export { visible, visibleJson, visibleLine } from "./visible.ts";
