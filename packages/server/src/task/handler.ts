import { setMaxListeners } from "node:events";
import type { Task } from "@rrr/core";
import { authorize } from "../http/authorize.ts";
import { Refusal, refusalResponse } from "../http/refusal.ts";
import { routeOf } from "../http/router.ts";
import type { Sockets } from "../http/sockets.ts";
import { nemoGym } from "./protocols/nemo-gym.ts";
import { openEnv } from "./protocols/openenv/openenv.ts";
import { openRlhf } from "./protocols/openrlhf.ts";
import { rrr } from "./protocols/rrr.ts";
import { createTaskService, toRefusal } from "./task-service.ts";
import { TASK_SERVER_DEFAULTS, type TaskServerSettings } from "./task-settings.ts";

/** A task over HTTP, as a function of the fetch API: for any server that speaks it. */
export interface TaskHandler {
  handle(request: Request): Promise<Response>;
  /** At `/ws`, of a protocol that has WebSockets. */
  readonly sockets: Sockets | undefined;
}

const PROTOCOLS = { rrr, "nemo-gym": nemoGym, openrlhf: openRlhf, openenv: openEnv } as const;

/**
 * A task and its verifier over HTTP. A verdict that could not be reached is never sent as a reward: `rrr` sends it as
 * `invalid`, the protocols of others as an error.
 * @example const { handle } = createTaskHandler({ task: countdown() });
 */
export function createTaskHandler<Item>(given: TaskServerSettings<Item>): TaskHandler {
  const { protocol = "rrr", token, ...limits } = given;
  // Its own items alone reach it: every one has been through its schema.
  const task = given.task as unknown as Task;
  const settings = { ...TASK_SERVER_DEFAULTS, ...limits, task };
  const { routes, open } = PROTOCOLS[protocol](createTaskService(settings));
  const sockets: Sockets | undefined = open && {
    maxMessageBytes: settings.maxBodyBytes,
    open(request) {
      authorize(request, token);
      if (new URL(request.url).pathname !== "/ws") throw new Refusal(404, "WebSockets are at /ws");
      return open();
    },
  };
  return {
    sockets,
    async handle(request) {
      // Every verdict of a batch listens whether its client is still there.
      setMaxListeners(0, request.signal);
      try {
        authorize(request, token);
        const [route, call] = routeOf(routes, request);
        return await route.answer(call);
      } catch (error) {
        return refusalResponse(toRefusal(error));
      }
    },
  };
}
