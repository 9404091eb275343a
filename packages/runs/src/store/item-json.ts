import { messageOf, RrrError } from "@rrr/core";

/** An item, as its task gives it, as the text that a run keeps. @throws RrrError `bad-item` where JSON has none for it */
export function itemJson(item: unknown): string {
  let json: string | undefined;
  let reason = "it is no value of JSON";
  try {
    json = JSON.stringify(item);
  } catch (cause) {
    reason = messageOf(cause);
  }
  if (json !== undefined) return json;
  throw new RrrError("bad-item", `an item cannot be kept as JSON: ${reason}`, {
    hint: "items() must yield plain data: objects, lists, texts, numbers, true, false and null.",
  });
}
