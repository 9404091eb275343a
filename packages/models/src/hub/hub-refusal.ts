import type { RrrError } from "@rrr/core";
import type { Dispatcher } from "undici";
import type { HubSettings } from "./hub-client.ts";
import { pullFailed } from "./pull-failed.ts";

/**
 * Why a hub does not give what was asked for. A hub hides private models: without a right to it, a model is as if it
 * were not there.
 * @see https://huggingface.co/docs/hub/models-gated
 */
export function refused(
  status: number,
  headers: Dispatcher.ResponseData["headers"],
  sentToken: boolean,
  { endpoint, token }: Pick<HubSettings, "endpoint" | "token">,
): RrrError {
  const code = String(headers["x-error-code"] ?? "");
  const host = new URL(endpoint).host;
  const consent = `Accept its conditions on ${host} with your account, and give a token of that account in HF_TOKEN.`;
  if (code === "GatedRepo" || (status === 403 && !sentToken)) {
    return pullFailed(
      `${host} gives this model only to those who accepted its conditions (${status})`,
      consent,
    );
  }
  if (status === 401 || status === 403) {
    if (sentToken) {
      return pullFailed(
        `${host} refuses: the token in HF_TOKEN has no right to this model, or there is none by this name (${status})`,
        `Check the name, and the token's rights. ${consent}`,
      );
    }
    const why = token === undefined ? "no token was sent" : "the token is not sent over plain http";
    return pullFailed(
      `${host} knows no such model that everybody may have (${status}; ${why})`,
      `Check the name. If the model is private or gated, HF_TOKEN is to hold a token. ${consent}`,
    );
  }
  if (code === "RevisionNotFound") {
    return pullFailed(
      `${host} has no such revision of this model`,
      "Give another --revision; main is the newest.",
    );
  }
  if (status === 404) {
    return pullFailed(
      `${host} has no such model, revision or file (404)`,
      "Check the name (OWNER/NAME) and the revision. A private model needs a token in HF_TOKEN.",
    );
  }
  return pullFailed(`${host} answers ${status}`, "Check HF_ENDPOINT, and a proxy in between.");
}
