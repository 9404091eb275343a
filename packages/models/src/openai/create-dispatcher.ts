import { type Dispatcher, EnvHttpProxyAgent } from "undici";

/**
 * A connection for each request, through the environment's proxy where it names one. On a connection that is used
 * again, what a server sends twice would be the answer to the next request; nothing in HTTP/1.1 tells the two apart.
 */
export function createDispatcher(): Dispatcher {
  return new EnvHttpProxyAgent({ pipelining: 0, noProxy: exceptLocal(process.env) });
}

/** A proxy of the environment has no way to a server on this machine. */
function exceptLocal({ no_proxy, NO_PROXY }: NodeJS.ProcessEnv): string {
  return [no_proxy ?? NO_PROXY, "localhost,127.0.0.1,[::1]"].filter(Boolean).join(",");
}
