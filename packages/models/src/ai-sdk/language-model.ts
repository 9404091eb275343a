/**
 * What `fromAISDK` uses of an AI SDK language model, in the forms of @ai-sdk/provider 2 to 4: any provider's model is
 * one. Written down here, so that nobody who uses no AI SDK needs its packages.
 * @see https://github.com/vercel/ai/tree/main/packages/provider/src/language-model
 */
export interface AISDKLanguageModel {
  readonly specificationVersion: "v2" | "v3" | "v4";
  readonly provider: string;
  readonly modelId: string;
  doGenerate(options: AISDKCallOptions): PromiseLike<AISDKResult>;
}

/** The parts that we send. Arrays are mutable because the AI SDK's are. */
export interface AISDKCallOptions {
  prompt: AISDKMessage[];
  maxOutputTokens: number;
  temperature: number;
  seed: number;
  tools?: AISDKTool[];
  abortSignal: AbortSignal;
}

export type AISDKMessage =
  | { role: "system"; content: string }
  | { role: "user" | "assistant"; content: { type: "text"; text: string }[] };

export interface AISDKTool {
  type: "function";
  name: string;
  description?: string;
  inputSchema: Record<string, unknown>;
}

/** The parts that we read; all of it is checked, whatever the types say. */
export interface AISDKResult {
  readonly content: readonly { readonly type: string }[];
  /** A word up to version 2, and beside the provider's own from 3 on. */
  readonly finishReason: string | { readonly unified: string };
  /** Numbers up to version 2, and broken down from 3 on. */
  readonly usage: { readonly inputTokens: unknown; readonly outputTokens: unknown };
}
