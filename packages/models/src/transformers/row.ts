/** One completion on its way through a batch. */
export interface Row {
  readonly prompt: readonly number[];
  /** Most tokens that it will have. */
  readonly maxTokens: number;
  /** Complete, or nobody wants it any more. */
  readonly isOver: boolean;
  /** Draws the next token. @param scores logits, `[vocabulary]` @throws diverged */
  write(scores: Float32Array): number;
  /** Tells whoever asked for it that it will not come. */
  fail(error: unknown): void;
}
