import { type Dispatcher, EnvHttpProxyAgent } from "undici";

/** Connections that go through the environment's proxy, where it names one. */
export function createDispatcher(): Dispatcher {
  return new EnvHttpProxyAgent({ noProxy: exceptLocal(process.env) });
}

/** A proxy of the environment has no way to a server on this machine. */
function exceptLocal({ no_proxy, NO_PROXY }: NodeJS.ProcessEnv): string {
  return [no_proxy ?? NO_PROXY, "localhost,127.0.0.1,[::1]"].filter(Boolean).join(",");
}
