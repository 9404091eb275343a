/** What tells two models apart whose answers may differ. Part of every cache key; holds no secret. */
export interface ModelIdentity {
  /** The name by which the model is asked for: `gpt-4o-mini`, `builtin`, a path. */
  readonly model: string;
  /** Where its weights are: the server's base URL, or `sha256:…` of the weights. */
  readonly source: string;
  /** Whatever else is sent or set and changes an answer. */
  readonly settings?: Readonly<Record<string, unknown>>;
}
