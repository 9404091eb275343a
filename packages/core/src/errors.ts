/** Everything that can go wrong, as one closed set; a program can switch on it. */
export type RrrErrorCode =
  /** An argument or option is outside what it may be. */
  | "bad-argument"
  /** An item does not satisfy its task's schema. */
  | "bad-item"
  /** A module, or what it exports, is not a task of this specification. */
  | "bad-task"
  /** A module, or what it exports, is not an engine of this specification. */
  | "bad-engine"
  /** No plugin by that name is installed. */
  | "plugin-not-found"
  /** A plugin was found, but loading it threw. */
  | "plugin-failed"
  /** A verifier threw, or returned something that is no verdict. */
  | "verifier-failed"
  /** A verifier outlived its time limit. */
  | "verifier-timeout"
  /** A model file is missing, truncated, malformed or of an unsupported architecture. */
  | "bad-model"
  /** A model could not be downloaded: the hub, the network or the disk failed, or what came was not what it is to be. */
  | "pull-failed"
  /** A model did not answer. */
  | "model-failed"
  /** What the user was willing to spend on a run is spent: tokens, money or time. */
  | "budget-spent"
  /** A prompt does not fit the model's context window. */
  | "context-overflow"
  /** A checkpoint is incomplete or belongs to another model. */
  | "bad-checkpoint"
  /** A tensor graph is ill-formed: the message names the operation and the shapes. */
  | "bad-graph"
  /** The native runtime could not be loaded or failed. */
  | "runtime-failed"
  /** The machine has less memory than the model needs; nothing was read yet. */
  | "out-of-memory"
  /** A loss, gradient, weight or log-probability became NaN or infinite. */
  | "diverged"
  /** A run folder exists already, cannot be written, or is not a run. */
  | "bad-run"
  /** The response cache's file is damaged, belongs to another program, or cannot be written. */
  | "bad-cache"
  /** Mining found no failures to learn from. */
  | "no-failures"
  /** Training has nothing to learn from: a look at what it starts from says so. */
  | "no-signal"
  /** The caller aborted. */
  | "aborted";

const brand: unique symbol = Symbol.for("rrr.error");

export interface RrrErrorOptions {
  readonly cause?: unknown;
  /** What the user can do about it, as one sentence. */
  readonly hint?: string;
}

/**
 * The one error class of rrr. The message says what was wrong and the value seen; `hint` says what to do.
 * Recognised by symbol, so that two installed copies of this package understand each other.
 */
export class RrrError extends Error {
  readonly code: RrrErrorCode;
  readonly hint: string | undefined;

  constructor(code: RrrErrorCode, message: string, options: RrrErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "RrrError";
    this.code = code;
    this.hint = options.hint;
    Object.defineProperty(this, brand, { value: true });
  }

  static is(value: unknown, code?: RrrErrorCode): value is RrrError {
    return (
      typeof value === "object" &&
      value !== null &&
      (value as { [brand]?: unknown })[brand] === true &&
      (code === undefined || (value as RrrError).code === code)
    );
  }
}

/** The message of anything that can be thrown: plugins throw strings, objects and worse. */
export function messageOf(thrown: unknown): string {
  try {
    return thrown instanceof Error ? thrown.message : String(thrown);
  } catch {
    return "a value that cannot be shown";
  }
}
