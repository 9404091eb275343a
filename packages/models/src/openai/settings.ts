import { RrrError } from "@rrr/core";
import { checkCount, type RemoteSettings, resolveRemoteSettings } from "../remote/settings.ts";

export interface OpenAIModelSettings extends RemoteSettings {
  /** The model's name, as the server knows it. */
  readonly model: string;
  /**
   * Up to and including the version, e.g. `http://127.0.0.1:8080/v1`. Default: OPENAI_BASE_URL of the environment, else
   * OpenAI's own.
   */
  readonly baseURL?: string;
  /** Sent as a bearer token. Default: OPENAI_API_KEY of the environment. Never part of an error or an id. */
  readonly apiKey?: string;
  /** More headers, e.g. for a gateway. Their values are kept as secret as the key. */
  readonly headers?: Readonly<Record<string, string>>;
  /** More fields of every request, e.g. `{ reasoning_effort: "low" }`; one that is undefined is left out. */
  readonly body?: Readonly<Record<string, unknown>>;
  /** How the server calls the limit. Default: `max_tokens`, and the other where the server asks for it. */
  readonly maxTokensField?: MaxTokensField;
  /** Answers in pieces, so that a server or proxy that fell silent is told from one that thinks. Default false. */
  readonly stream?: boolean;
  /** Where system turns go: with `user` into the first user turn. Default: `system`, until the server refuses it. */
  readonly systemRole?: "system" | "user";
  /** Is told when the server turns out to refuse the system role. */
  readonly onSystemRefused?: () => void;
  /**
   * Is told, at most once, that the server will refuse whatever it is asked: a wrong key, no such model, nobody there.
   * With it the first requests go one by one, for two seconds at most, so that few are sent in vain.
   */
  readonly onHopeless?: (error: RrrError) => void;
  /** Longest silence within an answer that has begun. Default 60 s. */
  readonly stallTimeoutMs?: number;
}

export type MaxTokensField = "max_tokens" | "max_completion_tokens";

export const OPENAI_URL = "https://api.openai.com/v1";

/** What is no setting of a single request. */
type OfModel = "systemRole" | "onSystemRefused" | "onHopeless";

export type ResolvedSettings = Required<Omit<OpenAIModelSettings, "apiKey" | OfModel>> & {
  readonly apiKey?: string;
};

/** Settings with their defaults. @throws RrrError `bad-argument` */
export function resolveSettings(given: OpenAIModelSettings): ResolvedSettings {
  if (given.model === "") throw new RrrError("bad-argument", "the model's name is empty");
  // An empty variable is one that is not set.
  const baseURL = checkURL(given.baseURL ?? (process.env.OPENAI_BASE_URL || OPENAI_URL));
  const apiKey = given.apiKey ?? process.env.OPENAI_API_KEY;
  if (baseURL === OPENAI_URL && !apiKey) {
    throw new RrrError("bad-argument", `no API key for ${OPENAI_URL}`, {
      hint: "Set OPENAI_API_KEY in the environment, or name another server as the base URL.",
    });
  }
  const { headers = {}, body = {}, maxTokensField = "max_tokens", stream = false } = given;
  return {
    model: given.model,
    baseURL,
    ...(apiKey ? { apiKey: checkSecret("the API key", apiKey) } : {}),
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [
        name.toLowerCase(),
        checkSecret(`header ${name}`, value),
      ]),
    ),
    body,
    maxTokensField,
    stream,
    ...resolveRemoteSettings(given),
    stallTimeoutMs: checkCount("stallTimeoutMs", given.stallTimeoutMs ?? 60_000),
  };
}

/** Without a slash at its end. A key within a URL would be in every log that shows the URL. */
function checkURL(baseURL: string): string {
  const url = URL.canParse(baseURL) ? new URL(baseURL) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new RrrError("bad-argument", `"${withoutSecrets(baseURL)}" is no http or https URL`, {
      hint: "A base URL looks like http://127.0.0.1:8080/v1.",
    });
  }
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    throw new RrrError("bad-argument", `base URL ${url.origin}${url.pathname} has more than host and path`, {
      hint: "Leave out user, password, query and fragment; a key belongs into OPENAI_API_KEY.",
    });
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, "");
}

/** What cannot be parsed may still hold a password or a key: nothing before an @ or after a ? is shown. */
function withoutSecrets(url: string): string {
  return url.replace(/^.*@/s, "…@").replace(/[?#].*$/s, "?…");
}

function checkSecret(what: string, value: string): string {
  if (/^[\x21-\x7e]+( [\x21-\x7e]+)*$/.test(value)) return value;
  throw new RrrError(
    "bad-argument",
    `${what} is empty, or has a line break or another character that no header may have`,
    {
      hint: "A line break at its end often comes from the file that it was read from.",
    },
  );
}
