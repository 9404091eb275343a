import { Refusal } from "./refusal.ts";

/** @throws Refusal 413 as soon as it is too large, 415 for one that is compressed */
export async function readBody(request: Request, limit: number): Promise<Uint8Array> {
  const encoding = request.headers.get("content-encoding") ?? "identity";
  if (encoding !== "identity")
    throw new Refusal(415, `bodies are not to be compressed, this one is ${encoding.slice(0, 20)}`);
  const tooLarge = (bytes: number | string): Refusal =>
    new Refusal(413, `the body has ${bytes} bytes or more; the most are ${limit}`);
  if (Number(request.headers.get("content-length") ?? 0) > limit) {
    throw tooLarge(request.headers.get("content-length") ?? "");
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    if (size > limit) throw tooLarge(size);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
