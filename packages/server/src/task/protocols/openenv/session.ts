import { type Fields, objectIn, textIn } from "../../../http/fields.ts";
import { parseJson } from "../../../http/read-json.ts";
import { Refusal } from "../../../http/refusal.ts";
import type { SocketSession } from "../../../http/sockets.ts";
import type { KeptEpisode } from "../../episodes.ts";
import { type TaskService, toRefusal } from "../../task-service.ts";
import type { Environment } from "./environment.ts";

/** A session over a WebSocket: an environment of its own, with one episode at a time. */
export function createSession(
  { episodes }: TaskService,
  environment: Environment,
  onClose: () => void,
): SocketSession {
  let current: KeptEpisode | undefined;
  /** What the client calls its episode. */
  let label: string | undefined;
  let isClosed = false;

  function drop(): void {
    if (current !== undefined) episodes.drop(current.id);
    current = undefined;
  }

  async function answer(type: unknown, data: unknown): Promise<object> {
    switch (type) {
      case "reset": {
        const { episode_id = null, ...fields } = objectIn(data ?? {}, "data");
        const named = episode_id === null ? undefined : textIn(episode_id, "episode_id");
        const started = await environment.reset(fields);
        drop();
        current = started;
        label = named;
        // Its client went away meanwhile.
        if (isClosed) drop();
        return { type: "observation", data: await environment.observe(started) };
      }
      case "step": {
        if (current === undefined) throw new Refusal(409, "there is no episode; reset first", "wrong-turn");
        // It may have been dropped.
        const episode = episodes.find(current.id);
        return { type: "observation", data: await environment.step(episode, data) };
      }
      case "state": {
        const state = await environment.state(current);
        return { type: "state", data: label === undefined ? state : { ...state, episode_id: label } };
      }
      default:
        throw new Refusal(404, `there is no message of the type ${JSON.stringify(type) ?? "undefined"}`);
    }
  }

  return {
    async receive(text) {
      try {
        const { type, data }: Fields = objectIn(parseJson(text, "the message"), "the message");
        return type === "close" ? undefined : JSON.stringify(await answer(type, data));
      } catch (error) {
        const { message, code, status } = toRefusal(error);
        return JSON.stringify({ type: "error", data: { message, code: codeOf(status, code), reason: code } });
      }
    },
    close() {
      isClosed = true;
      drop();
      onClose();
    },
  };
}

/** The codes that OpenEnv's clients know. */
function codeOf(status: number, code: string): string {
  if (code === "bad-json") return "INVALID_JSON";
  if (status === 404 && code === "bad-request") return "UNKNOWN_TYPE";
  if (status === 503) return "CAPACITY_REACHED";
  return status < 500 ? "VALIDATION_ERROR" : "EXECUTION_ERROR";
}
