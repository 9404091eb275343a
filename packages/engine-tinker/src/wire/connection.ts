import { setTimeout as sleep } from "node:timers/promises";
import { messageOf, RrrError } from "@rrr/core";

/** What a server answered; the body is read to its end. */
export interface Reply {
  readonly status: number;
  /** Of the content, without parameters. */
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** A server, over connections that may break: what can be asked again is, for a while. */
export interface Connection {
  /**
   * Each request may reach the server more than once; the protocol numbers those that must not count twice.
   * @param body JSON, or bytes of protobuf
   * @throws RrrError `model-failed` where no answer comes, `aborted`
   */
  post(path: string, body: object | Uint8Array, signal?: AbortSignal): Promise<Reply>;
  /** Whether there is a server at all: what does not answer at first is not there. */
  hello(path: string): Promise<Reply>;
  /** Says what the server would find out itself in time: a server that is gone is not waited for. */
  tell(path: string, body: object): Promise<Reply>;
  /** As `tell`. */
  delete(path: string): Promise<Reply>;
  /** From now on there is something to lose: a server that is gone is waited for, too. */
  trust(): void;
  /** Who does not answer, and why, while it is asked again; undefined while all is well. */
  waitsFor(): string | undefined;
  /** Follows redirects, without the key to other hosts. The stream is the caller's to read. */
  download(path: string): Promise<ReadableStream<Uint8Array>>;
}

/** One request; a result that takes longer is asked for again. */
const REQUEST_MS = 45_000;
/** How long a server that does not answer is asked again. */
const PATIENCE_MS = 600_000;
const HELLO_MS = 5_000;
/** The same for one that is gone, while nothing depends on it yet. */
const OPENING_MS = 60_000;
/** A connection that breaks is nothing to speak of, until then. */
const SILENT_MS = 3_000;
/** An answer: some hundred times as large as any that the engine asks for. */
const MOST_BYTES = 256 << 20;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 10_000;
const LONGEST_RETRY_AFTER_MS = 60_000;
/** A server may say 500 for a request that it will never take. */
const MOST_500 = 3;
const AGAIN = [408, 425, 429, 502, 503, 504];

type Outcome =
  | { readonly kind: "reply"; readonly reply: Reply }
  | { readonly kind: "elsewhere"; readonly where: string }
  | {
      readonly kind: "again";
      readonly why: string;
      readonly pauseMs: number;
      /** The connection broke, or there was none. */
      readonly isGone?: boolean;
    };

const TOO_LARGE = new TextEncoder().encode(`the answer has more than ${MOST_BYTES} bytes`);

/** A request that is under way, and why it was sent again last. */
interface Wait {
  readonly since: number;
  why: string | undefined;
}

/** @param root of its calls @param key what every request says of who asks */
export function createConnection(root: URL, key: Readonly<Record<string, string>>): Connection {
  const waits = new Set<Wait>();
  let isTrusted = false;

  interface Exchange {
    readonly method: string;
    readonly path: string;
    readonly init?: RequestInit;
    readonly signal?: AbortSignal | undefined;
    readonly patience?: number;
  }

  async function exchange(asked: Exchange): Promise<Reply> {
    const wait: Wait = { since: performance.now(), why: undefined };
    waits.add(wait);
    try {
      return await untilAnswered(asked, wait);
    } finally {
      waits.delete(wait);
    }
  }

  async function untilAnswered(asked: Exchange, wait: Wait): Promise<Reply> {
    const { path, signal, patience = PATIENCE_MS } = asked;
    const started = wait.since;
    let broken = 0;
    /** Since when there is nobody, as far as connections tell: a server that is busy may take its time. */
    let goneSince: number | undefined;
    for (let attempt = 0; ; attempt++) {
      const outcome = await once(asked);
      if (outcome.kind === "elsewhere") {
        throw new RrrError("model-failed", `${root.host} sends ${path} on to ${outcome.where || "nowhere"}`, {
          hint: "If the server is there, give its address as --base-url.",
        });
      }
      if (outcome.kind === "reply") {
        if (outcome.reply.status !== 500 || ++broken >= MOST_500) return outcome.reply;
      }
      const why = outcome.kind === "again" ? outcome.why : "it answers 500";
      wait.why = why;
      // A connection that the other side closed while it was idle is opened again at once.
      const backOff = Math.min(FIRST_PAUSE_MS * (2 ** attempt - 1), LONGEST_PAUSE_MS);
      const pause = Math.max(backOff, outcome.kind === "again" ? outcome.pauseMs : 0);
      const now = performance.now();
      const isGone = outcome.kind === "again" && outcome.isGone === true;
      goneSince = isGone ? (goneSince ?? now) : undefined;
      const isHopeless = !isTrusted && goneSince !== undefined && now + pause - goneSince > OPENING_MS;
      if (isHopeless || now + pause - started > patience) {
        throw new RrrError("model-failed", `${root.host} does not answer ${path}: ${why}`, {
          hint:
            patience === HELLO_MS
              ? "Is the server started, and is its address right?"
              : "Start the server again, and resume the run: training goes on from its newest checkpoint.",
        });
      }
      await sleep(pause, undefined, signal === undefined ? {} : { signal }).catch(() => {
        throw aborted();
      });
    }
  }

  async function once({ method, path, init = {}, signal }: Exchange): Promise<Outcome> {
    const late = AbortSignal.timeout(REQUEST_MS);
    try {
      const response = await fetch(new URL(path, root), {
        ...init,
        method,
        headers: { accept: "application/x-protobuf, application/json", ...init.headers, ...key },
        redirect: "manual",
        signal: signal === undefined ? late : AbortSignal.any([late, signal]),
      });
      const bytes = await bytesOf(response);
      const { status, headers } = response;
      if (status >= 300 && status < 400) return { kind: "elsewhere", where: headers.get("location") ?? "" };
      if (bytes === undefined) return { kind: "reply", reply: { status: 502, type: "", bytes: TOO_LARGE } };
      const type = (headers.get("content-type") ?? "").split(";", 1)[0]?.trim() ?? "";
      if (AGAIN.includes(status)) {
        // As a date it is no number, and is not waited for.
        const seconds = Number(headers.get("retry-after") ?? 0) || (status === 429 ? 1 : 0);
        const pauseMs = Math.min(1000 * seconds, LONGEST_RETRY_AFTER_MS);
        return { kind: "again", why: `it answers ${status}`, pauseMs };
      }
      // A page in place of an answer is a proxy's, and the answer may still come.
      if (status === 200 && type === "text/html") {
        return { kind: "again", why: "a web page comes in place of an answer", pauseMs: 0 };
      }
      return { kind: "reply", reply: { status, type, bytes } };
    } catch (error) {
      if (signal?.aborted) throw aborted();
      return { kind: "again", why: reasonOf(error), pauseMs: 0, isGone: !late.aborted };
    }
  }

  return {
    post(path, body, signal) {
      const init =
        body instanceof Uint8Array
          ? { body: new Uint8Array(body), headers: { "content-type": "application/x-protobuf" } }
          : jsonInit(body);
      return exchange({ method: "POST", path, init, signal });
    },
    hello: (path) => exchange({ method: "GET", path, patience: HELLO_MS }),
    tell: (path, body) => exchange({ method: "POST", path, init: jsonInit(body), patience: HELLO_MS }),
    delete: (path) => exchange({ method: "DELETE", path, patience: HELLO_MS }),
    trust() {
      isTrusted = true;
    },
    waitsFor() {
      const now = performance.now();
      const late = [...waits].find(({ since, why }) => why !== undefined && now - since > SILENT_MS);
      return late && `${root.host} (${late.why})`;
    },
    async download(path) {
      let url = new URL(path, root);
      for (let hops = 0; hops < 5; hops++) {
        const from = url;
        const response = await fetch(from, {
          headers: from.origin === root.origin ? key : {},
          redirect: "manual",
        }).catch((cause) => {
          throw new RrrError("model-failed", `${from.host} does not answer a download: ${reasonOf(cause)}`, {
            cause,
          });
        });
        const next = response.headers.get("location");
        if (response.status >= 300 && response.status < 400 && next !== null) {
          await response.body?.cancel();
          url = new URL(next, url);
          continue;
        }
        if (response.ok && response.body !== null) return response.body;
        const text = (await response.text().catch(() => "")).slice(0, 300);
        throw new RrrError("model-failed", `${url.host} answers ${response.status} to a download: ${text}`);
      }
      throw new RrrError("model-failed", `${root.host} sends a download on and on`);
    },
  };
}

/** What fetch says is general; why is behind it. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? `: ${messageOf(error.cause)}` : "";
  return `${messageOf(error)}${cause}`;
}

function jsonInit(body: object): RequestInit {
  return { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
}

/** @returns undefined for an answer that is too large, which is not read to its end */
async function bytesOf(response: Response): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MOST_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export function aborted(): RrrError {
  return new RrrError("aborted", "sampling was aborted");
}
