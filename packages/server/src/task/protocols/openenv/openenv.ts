/**
 * The protocol of OpenEnv: an episode is attempt, reflection and retry. A session over a WebSocket has one episode at a
 * time; over HTTP each step names its episode.
 * @see https://github.com/huggingface/OpenEnv
 */
import { type Fields, objectIn, textIn } from "../../../http/fields.ts";
import { Refusal } from "../../../http/refusal.ts";
import type { Route } from "../../../http/router.ts";
import type { TaskService } from "../../task-service.ts";
import type { Protocol } from "../protocol.ts";
import { createEnvironment } from "./environment.ts";
import { SCHEMAS } from "./schemas.ts";
import { createSession } from "./session.ts";

const MOST_SESSIONS = 1_000;

export function openEnv(service: TaskService): Protocol {
  const { episodes } = service;
  const { name } = service.settings.task;
  const environment = createEnvironment(service);
  let sessions = 0;

  const fieldsOf = async (request: Request): Promise<Fields> =>
    objectIn(await service.body(request), "the body");
  const get = (path: string, body: object): Route => ({
    method: "GET",
    path,
    answer: async () => Response.json(body),
  });
  const routes: readonly Route[] = [
    get("/health", { status: "healthy" }),
    get("/metadata", { name, description: `The task ${name} of rrr: attempt, reflection, retry.` }),
    get("/schema", SCHEMAS),
    {
      method: "POST",
      path: "/reset",
      answer: async ({ request }) => {
        const { episode_id = null, ...fields } = await fieldsOf(request);
        if (episode_id !== null) {
          throw new Refusal(400, "over HTTP the server names the episodes: leave episode_id out");
        }
        return Response.json(await environment.observe(await environment.reset(fields)));
      },
    },
    {
      method: "POST",
      path: "/step",
      answer: async ({ request }) => {
        const { action, episode_id } = await fieldsOf(request);
        const id = textIn(episode_id, "episode_id (from the observation of /reset)");
        return Response.json(await environment.step(episodes.find(id), action));
      },
    },
    {
      method: "GET",
      path: "/state",
      answer: async ({ query }) => {
        const id = textIn(query.get("episode_id") ?? undefined, "episode_id (in the query)");
        return Response.json(await environment.state(episodes.find(id)));
      },
    },
  ];
  return {
    routes,
    open() {
      if (sessions >= MOST_SESSIONS) throw new Refusal(503, `${sessions} sessions are open, the most`);
      sessions++;
      return createSession(service, environment, () => sessions--);
    },
  };
}
