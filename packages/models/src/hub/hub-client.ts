import { setTimeout as sleep } from "node:timers/promises";
import { messageOf, RrrError } from "@rrr/core";
import { type Dispatcher, request } from "undici";
import { createDispatcher } from "../openai/create-dispatcher.ts";
import { isTls } from "../openai/unreachable.ts";
import { createBackoff } from "../remote/backoff.ts";
import { delayInHeaders } from "../remote/retry-after.ts";
import { mayGetToken } from "./hub-names.ts";
import { refused } from "./hub-refusal.ts";
import type { PullEvent } from "./pull-event.ts";
import { pullFailed, Trouble } from "./pull-failed.ts";

/**
 * undici 7 fails an assertion, where nobody can catch it, when a server ends a connection while a body is held back: so
 * none is held back. What is asked for at once is bounded instead.
 * @see https://github.com/nodejs/undici/issues/5360
 */
const NEVER_HELD_BACK = 2 ** 40;

/** The hub of Hugging Face needs one. */
const MOST_REDIRECTS = 5;

/** How patient a pull is. */
export interface Patience {
  /** How often the same thing is tried, where nothing comes of it. Default: 5 */
  readonly tries?: number;
  /** The first wait before a new try, in ms; it doubles. Default: 1,000 */
  readonly backoffMs?: number;
  /** The longest wait, also where the server asks for more. Default: 60,000 */
  readonly maxWaitMs?: number;
  /** How long nothing may come, in ms. Default: 30,000 */
  readonly silenceMs?: number;
  /** Less than 1 kB/s for so long is as good as nothing. Default: 60,000 */
  readonly slowMs?: number;
}

export interface HubSettings extends Patience {
  /** As `checkEndpoint` gives it. */
  readonly endpoint: string;
  readonly token: string | undefined;
  readonly signal: AbortSignal | undefined;
}

/** A response whose body nobody has read yet. */
export interface HubResponse {
  readonly status: number;
  readonly headers: Dispatcher.ResponseData["headers"];
  /** Those of the hub itself, where it sent on to another place: they tell of the file. */
  readonly hubHeaders: Dispatcher.ResponseData["headers"];
  readonly body: Dispatcher.ResponseData["body"];
}

/** Asks a hub. Closed by the one who opened it. */
export class HubClient {
  readonly patience: Required<Patience>;
  readonly #settings: HubSettings;
  readonly #dispatcher: Dispatcher = createDispatcher();
  readonly #backoff: (attempt: number, retryAfterMs: number | undefined) => number;
  /** Nobody at the first request is a slip in an address or no network, which waiting does not mend. */
  #hasAnswered = false;

  constructor(settings: HubSettings) {
    const {
      tries = 5,
      backoffMs = 1_000,
      maxWaitMs = 60_000,
      silenceMs = 30_000,
      slowMs = 60_000,
    } = settings;
    this.patience = { tries, backoffMs, maxWaitMs, silenceMs, slowMs };
    this.#settings = settings;
    this.#backoff = createBackoff({ backoffMs, maxWaitMs });
  }

  get endpoint(): string {
    return this.#settings.endpoint;
  }

  /**
   * Follows redirects. The token goes to the hub alone: not to where it sends on, and not over plain http.
   * @param path below the endpoint, encoded
   * @throws Trouble for what may pass; RrrError `pull-failed`, `bad-argument`, `aborted`
   */
  async ask(
    path: string,
    headers: Readonly<Record<string, string>>,
    method: "GET" | "HEAD" = "GET",
  ): Promise<HubResponse> {
    const { endpoint, token } = this.#settings;
    const hub = new URL(endpoint);
    let url = new URL(`${endpoint}${path}`);
    let hubHeaders: HubResponse["headers"] | undefined;
    for (let hops = 0; hops <= MOST_REDIRECTS; hops++) {
      const isHub = url.origin === hub.origin;
      const authorization =
        token !== undefined && isHub && mayGetToken(url) ? { authorization: `Bearer ${token}` } : {};
      const response = await this.#send(url, { ...headers, ...authorization }, method);
      const { statusCode: status, headers: own, body } = response;
      this.#hasAnswered = true;
      if (isHub) hubHeaders = { ...hubHeaders, ...own };
      const location = status >= 300 && status < 400 ? own.location : undefined;
      if (typeof location === "string") {
        // What stands in it is of no use, and may have no end.
        body.on("error", () => {}).destroy();
        // Where a file is, the hub has said; a HEAD asks for no more.
        if (method === "HEAD" && own["x-linked-size"] !== undefined) {
          return { status: 200, headers: own, hubHeaders: hubHeaders ?? own, body };
        }
        url = redirected(location, url);
        continue;
      }
      if (status < 300) return { status, headers: own, hubHeaders: hubHeaders ?? own, body };
      body.on("error", () => {}).destroy();
      if (status === 408 || status === 429 || status >= 500) {
        throw new Trouble(`${url.host} answers ${status}`, { retryAfterMs: delayInHeaders(own, Date.now()) });
      }
      // Not the file's fault: a link of a CDN is good for a while only.
      if (!isHub && (status === 401 || status === 403)) throw new Trouble(`${url.host} answers ${status}`);
      if (status === 416) throw new Trouble(`${url.host} has no such range of the file`, { spoils: true });
      throw refused(status, own, isHub && "authorization" in authorization, this.#settings);
    }
    throw pullFailed(
      `${hub.host} sends on from place to place more than ${MOST_REDIRECTS} times`,
      "Check HF_ENDPOINT, and a proxy in between.",
    );
  }

  /** Does something until it works, with waits between, at most `tries` times. @throws what it threw, or `pull-failed` */
  async *again<Result>(what: string, attempt: () => Promise<Result>): AsyncGenerator<PullEvent, Result> {
    for (let failures = 1; ; failures++) {
      try {
        return await attempt();
      } catch (error) {
        yield* this.wait(what, error, failures);
      }
    }
  }

  /** Waits for the next try. @throws the error, where that will not help or it was tried often enough */
  async *wait(what: string, error: unknown, failures: number): AsyncGenerator<PullEvent, void> {
    if (!(error instanceof Trouble)) throw error;
    if (failures >= this.patience.tries) {
      throw pullFailed(
        `${what}: ${error.message}, ${failures} times`,
        "Start the same command again later: it goes on where it stopped.",
        error,
      );
    }
    const waitMs = this.#backoff(failures, error.retryAfterMs);
    yield { kind: "retry", what, problem: error.message, waitMs };
    await sleep(waitMs, undefined, { ...this.#signal }).catch(() => this.checkSignal());
  }

  /** @throws RrrError `aborted` */
  checkSignal(): void {
    const { signal } = this.#settings;
    if (signal?.aborted) {
      throw new RrrError("aborted", "the pull was stopped; what came is kept", { cause: signal.reason });
    }
  }

  async close(): Promise<void> {
    await this.#dispatcher.destroy();
  }

  get #signal(): { readonly signal?: AbortSignal } {
    const { signal } = this.#settings;
    return signal === undefined ? {} : { signal };
  }

  async #send(
    url: URL,
    headers: Readonly<Record<string, string>>,
    method: "GET" | "HEAD",
  ): Promise<Dispatcher.ResponseData> {
    const { silenceMs } = this.patience;
    this.checkSignal();
    try {
      return await request(url.href, {
        method,
        // A size and a hash are those of the file as it is.
        headers: { "accept-encoding": "identity", "user-agent": "rrr", ...headers },
        dispatcher: this.#dispatcher,
        highWaterMark: NEVER_HELD_BACK,
        headersTimeout: silenceMs,
        bodyTimeout: silenceMs,
        ...this.#signal,
      });
    } catch (cause) {
      this.checkSignal();
      const code = (cause as NodeJS.ErrnoException).code ?? "";
      const message = `${url.host} cannot be reached: ${messageOf(cause)}`;
      if (isTls(code) || (!this.#hasAnswered && /^(ENOTFOUND|ECONNREFUSED)$/.test(code))) {
        throw pullFailed(
          message,
          "Check the network, HTTPS_PROXY and HF_ENDPOINT. Without a network, copy the model's folder here from elsewhere.",
          cause,
        );
      }
      throw new Trouble(message, { cause });
    }
  }
}

/** Over http a file would not be what the hub sent on to. */
function redirected(location: string, from: URL): URL {
  const to = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  const isSafe = to?.protocol === "https:" || (to?.protocol === "http:" && from.protocol === "http:");
  if (to !== undefined && isSafe && !to.username && !to.password) return to;
  throw pullFailed(
    `${from.host} sends on to ${to === undefined ? "no address" : `${to.protocol}//${to.host}`}, which is not followed`,
    "Check HF_ENDPOINT, and a proxy in between.",
  );
}
