import { Refusal } from "./refusal.ts";

/** The decoded parts of a request's path. @throws Refusal 400 for what no percent-encoding gives */
export function pathParts(path: string): readonly string[] {
  try {
    return path.split("/").map(decodeURIComponent);
  } catch {
    throw new Refusal(400, `the path is not percent-encoded UTF-8: ${path.slice(0, 80)}`, "bad-path");
  }
}
