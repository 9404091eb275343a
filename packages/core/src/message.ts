/** One turn of a conversation, as chat templates take it. */
export interface Message {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}
