import { timingSafeEqual } from "node:crypto";
import type { ErrorAnswer } from "./api.ts";

/**
 * What a browser may do with an answer: nothing but show it as the page of this server. No text of a run can become a
 * script or a request, whatever the page makes of it.
 */
const HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
};

/** Names that a browser on this machine knows it by. Any other was pointed here by somebody else. */
const HOSTS = /^(127\.0\.0\.1|localhost)(:\d{1,5})?$/;

/** Where the page has its token. */
export const TOKEN_HEADER = "x-rrr-token";

/** Why a request is refused; undefined where it is the page's own. */
export function refusalOf(request: Request, token: string): Response | undefined {
  const host = request.headers.get("host") ?? "";
  const origin = request.headers.get("origin");
  if (!HOSTS.test(host) || (origin !== null && origin !== `http://${host}`)) {
    return refuse(403, "this server answers the page of `rrr view` on its own machine");
  }
  const { pathname } = new URL(request.url);
  if (request.method !== "GET" && !(request.method === "POST" && pathname.startsWith("/api/try/"))) {
    return refuse(405, `there is nothing to ${request.method} here`);
  }
  const isData = pathname.startsWith("/api/");
  if (isData && !isSame(request.headers.get(TOKEN_HEADER) ?? "", token)) {
    return refuse(401, "the token is missing, or of another `rrr view`", "Open the address that it printed.");
  }
  return undefined;
}

/** An answer in which nothing is run. */
export function answer(
  body: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>,
  type: string,
  status = 200,
): Response {
  return new Response(body, { status, headers: { ...HEADERS, "content-type": type } });
}

export function answerJson(value: unknown, status = 200): Response {
  return answer(JSON.stringify(value), "application/json; charset=utf-8", status);
}

export function refuse(status: number, message: string, hint?: string): Response {
  const error: ErrorAnswer = { code: String(status), message, ...(hint === undefined ? {} : { hint }) };
  return answerJson(error, status);
}

function isSame(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}
