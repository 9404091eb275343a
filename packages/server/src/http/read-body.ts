import { Refusal } from "./refusal.ts";

/**
 * @throws Refusal 413 as soon as it is too large, 415 for one that is compressed. What is left of the body is not read:
 *   whoever serves the request ends the connection.
 */
export async function readBody(request: Request, limit: number): Promise<Uint8Array> {
  const encoding = request.headers.get("content-encoding") ?? "identity";
  if (encoding !== "identity") {
    const what = `bodies are not to be compressed, this one is ${encoding.slice(0, 20)}`;
    throw new Refusal(415, what, "compressed");
  }
  const tooLarge = (bytes: number | string): Refusal =>
    new Refusal(413, `the body has ${bytes} bytes or more; the most are ${limit}`, "too-large");
  if (Number(request.headers.get("content-length") ?? 0) > limit) {
    throw tooLarge(request.headers.get("content-length") ?? "");
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Not `for await`: to leave that early cancels the body, and with it the connection that the answer goes through.
  const reader = request.body?.getReader();
  for (;;) {
    const { done = true, value } = (await reader?.read()) ?? {};
    if (done || value === undefined) break;
    size += value.length;
    if (size > limit) throw tooLarge(size);
    chunks.push(value);
  }
  return Buffer.concat(chunks);
}
