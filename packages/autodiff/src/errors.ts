/** Everything that can go wrong here, as one closed set. */
export type AutodiffErrorCode =
  /** Shapes do not fit the operation. */
  | "bad-shape"
  /** Element types do not fit the operation. */
  | "bad-dtype"
  /** Any other argument is outside what it may be. */
  | "bad-argument"
  /** The loss depends on a wanted tensor through an operation that has no gradient. */
  | "not-differentiable"
  /** A session was fed a missing, unknown, wrongly typed or wrongly sized array. */
  | "bad-feed"
  /** onnxruntime-node cannot be loaded. */
  | "runtime-missing"
  /** There is no GPU that can be used, or onnxruntime-node was built without what it takes. */
  | "device-missing"
  /** onnxruntime refused the graph, or failed while running it. */
  | "runtime-failed"
  /** The session or cache was closed. */
  | "closed";

const brand: unique symbol = Symbol.for("rrr.autodiff.error");

/** The one error class of this package: the message names the operation and the shapes, `hint` says what to do. */
export class AutodiffError extends Error {
  readonly code: AutodiffErrorCode;
  readonly hint: string | undefined;

  constructor(
    code: AutodiffErrorCode,
    message: string,
    options: { readonly cause?: unknown; readonly hint?: string } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "AutodiffError";
    this.code = code;
    this.hint = options.hint;
    Object.defineProperty(this, brand, { value: true });
  }

  /** Recognised by symbol, so that two installed copies of this package understand each other. */
  static is(value: unknown, code?: AutodiffErrorCode): value is AutodiffError {
    return (
      typeof value === "object" &&
      value !== null &&
      (value as { [brand]?: unknown })[brand] === true &&
      (code === undefined || (value as AutodiffError).code === code)
    );
  }
}
