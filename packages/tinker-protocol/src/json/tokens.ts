import { malformed } from "../malformed.ts";
import { intsOf, listOf, objectOf } from "./read.ts";

/** A sequence as chunks of text: of a datum's `model_input`, of a sample's `prompt`. */
export function tokensToJson(tokens: Int32Array): object {
  return { chunks: [{ type: "encoded_text", tokens: [...tokens] }] };
}

/** What `tokensToJson` made. @throws RrrError `bad-argument`, for chunks that are no text too */
export function tokensFromJson(value: unknown, what: string): Int32Array {
  const chunks = listOf(objectOf(value, what).chunks, `${what}.chunks`).map((chunk, i) => {
    const { type = "encoded_text", tokens } = objectOf(chunk, `${what}.chunks[${i}]`);
    if (type !== "encoded_text")
      throw malformed(`${what}.chunks[${i}] is of type ${JSON.stringify(type)}, not text`);
    return [...intsOf(tokens, `${what}.chunks[${i}].tokens`)];
  });
  return Int32Array.from(chunks.flat());
}
