import { messageOf } from "@rrr/core";
import { classifyError } from "../remote/classify-error.ts";
import { broken, type Outcome, refused } from "../remote/outcome.ts";
import { delayInHeaders } from "../remote/retry-after.ts";
import { readServerError } from "../remote/server-error.ts";
import { DeadlineError } from "./deadline.ts";

/** Fields of the AI SDK's `APICallError`. */
interface CallError {
  readonly statusCode?: number;
  readonly responseBody?: string;
  readonly responseHeaders?: Readonly<Record<string, string>>;
}

/** Errors of the AI SDK that say that the server's answer was no answer. */
const BROKEN = [
  "EmptyResponseBodyError",
  "InvalidResponseDataError",
  "JSONParseError",
  "NoContentGeneratedError",
  "TypeValidationError",
];

/** What an error of `doGenerate` means: asked again, asked less often, or final. */
export function classifyThrown(error: unknown): Outcome {
  const problem = messageOf(error);
  if (error instanceof DeadlineError) {
    return error.isBusy ? { kind: "overloaded", isLimit: false, problem } : broken(problem);
  }
  if (!isOfAISDK(error, "APICallError")) {
    return BROKEN.some((name) => isOfAISDK(error, name)) ? broken(problem) : refused("model-failed", problem);
  }
  const { statusCode, responseBody, responseHeaders } = error as CallError;
  // The connection was lost, or the server said that all was well and sent something else.
  if (statusCode === undefined || statusCode < 300) return broken(problem);
  const retryAfterMs = delayInHeaders(responseHeaders ?? {}, Date.now());
  const said = responseBody === undefined ? { message: problem } : readServerError(responseBody);
  return classifyError(statusCode, said, retryAfterMs);
}

/** As the AI SDK's own `isInstance`: a mark that copies and versions of it share. */
function isOfAISDK(error: unknown, name: string): boolean {
  const mark = Symbol.for(`vercel.ai.error.AI_${name}`);
  return typeof error === "object" && error !== null && (error as Record<symbol, unknown>)[mark] === true;
}
