import type { ErrorAnswer } from "@rrr/server/view";
import { answerIn, report } from "./report.ts";

const KEY = "rrr-view-token";

/** Why the server gave no answer, for a reader. */
export class AskError extends Error {
  readonly status: number;
  readonly hint: string | undefined;

  constructor(status: number, message: string, hint?: string) {
    super(message);
    this.status = status;
    this.hint = hint;
  }
}

/**
 * The address that the command prints ends with the token. It is kept for this server alone, so that links and other tabs
 * work, and leaves the address bar, so that a copied link does not carry it.
 */
export function takeToken(): void {
  const [, token] = /^#token=([\w-]+)$/.exec(location.hash) ?? [];
  if (token === undefined) return;
  localStorage.setItem(KEY, token);
  history.replaceState(undefined, "", "#/");
}

/** Asks this server for data, or the report that this file is. @throws AskError */
export async function ask<Answer>(path: string, signal?: AbortSignal): Promise<Answer> {
  if (report !== undefined) {
    const answer = answerIn(report, path);
    if (answer === undefined) throw new AskError(404, "This is not in the report.");
    return answer as Answer;
  }
  return (await request(path, {}, signal)).json() as Promise<Answer>;
}

/** Sends something to be tried. @throws AskError */
export function send(path: string, body: object, signal?: AbortSignal): Promise<Response> {
  const headers = { "content-type": "application/json" };
  return request(path, { method: "POST", body: JSON.stringify(body), headers }, signal);
}

async function request(path: string, init: RequestInit, signal: AbortSignal | undefined): Promise<Response> {
  const response = await fetch(path, {
    ...init,
    headers: { ...init.headers, "x-rrr-token": localStorage.getItem(KEY) ?? "" },
    ...(signal === undefined ? {} : { signal }),
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new AskError(
      0,
      "The server does not answer.",
      "Is `rrr view` still running? Start it again, and reload.",
    );
  });
  if (response.ok) return response;
  const { message, hint } = (await response.json()) as ErrorAnswer;
  throw new AskError(response.status, message, hint);
}

/** `?a=1&b=x` of what is there. */
export function search(values: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== "");
  if (given.length === 0) return "";
  return `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}
