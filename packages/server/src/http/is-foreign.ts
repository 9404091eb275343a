import type { IncomingMessage } from "node:http";

const LOCAL = ["127.0.0.1", "localhost", "[::1]", "::1"];

/** Whether an address can be reached from this machine alone. */
export function isLocal(host: string): boolean {
  return LOCAL.includes(host);
}

/** Whether a page in a browser asks, or a name that somebody has point here. */
export function isForeign({ headers: { host = "", origin } }: IncomingMessage): boolean {
  const isOwn = (name: string): boolean => isLocal(name.replace(/:\d+$/, ""));
  return !isOwn(host) || (origin !== undefined && !isOwn(origin.replace(/^https?:\/\//, "")));
}
