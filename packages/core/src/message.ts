/** A function that a model may call. */
export interface ToolDefinition {
  readonly name: string;
  readonly description?: string;
  /** JSON Schema of the arguments, an object. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** One turn of a conversation, as chat templates take it. */
export interface Message {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
  /**
   * The functions on offer. A model whose chat template has a place for tools shows them there; for any other,
   * `withToolsAsText` writes them into the content. Only the first message that has some counts.
   */
  readonly tools?: readonly ToolDefinition[];
}
