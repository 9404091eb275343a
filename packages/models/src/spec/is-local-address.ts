import { isIP } from "node:net";

/** Networks that are nobody's but the user's: loopback, private and link-local addresses. */
const PRIVATE =
  /^(127|10|0|169\.254|192\.168|172\.(1[6-9]|2\d|3[01])|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\.|^\[(::1?|f[cd].*|fe[89ab].*)\]$/;

/** Whether a URL is that of a server on this machine or network: one that nobody sends a bill for. */
export function isLocalAddress(url: string): boolean {
  const { hostname } = new URL(url);
  if (hostname.startsWith("[") || isIP(hostname) !== 0) return PRIVATE.test(hostname);
  // A name without a dot is one of this network, as those of containers are.
  return !hostname.includes(".") || /\.(localhost|local|lan|internal|home\.arpa)$/.test(hostname);
}
