export type { Attempt, Episode, Reflection } from "./episode.ts";
export { messageOf, RrrError, type RrrErrorCode, type RrrErrorOptions } from "./errors.ts";
export type { Message } from "./message.ts";
export type { Completion, CompletionTokens, GenerateOptions, Model } from "./model.ts";
export { createRandom, deriveKey, type Random, uniformAt } from "./random.ts";
export type { SchemaIssue, SchemaResult, StandardSchema } from "./standard-schema.ts";
export type {
  Failure,
  MaybePromise,
  ReflectionPrompt,
  Task,
  TokenLimits,
  Verifier,
  VerifyContext,
} from "./task.ts";
export { fail, invalid, pass, type Verdict } from "./verdict.ts";
