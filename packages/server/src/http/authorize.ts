import { createHash, timingSafeEqual } from "node:crypto";
import { Refusal } from "./refusal.ts";

/**
 * Looks for the token in `X-API-Key` or `Authorization: Bearer`.
 * @throws Refusal 401
 */
export function authorize(request: Request, token: string | undefined): void {
  if (token === undefined) return;
  const [, bearer] = /^Bearer (.*)$/.exec(request.headers.get("authorization") ?? "") ?? [];
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  const given = request.headers.get("x-api-key") ?? bearer ?? "";
  if (!timingSafeEqual(digest(given), digest(token))) {
    throw new Refusal(401, "the key is missing or wrong", "no-key");
  }
}
