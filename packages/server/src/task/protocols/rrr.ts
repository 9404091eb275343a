/** The protocol of rrr itself, under `/v1/`. */
import { countInQuery, type Fields, listIn, objectIn, textIn } from "../../http/fields.ts";
import { Refusal } from "../../http/refusal.ts";
import type { Call, Route } from "../../http/router.ts";
import { episodeBody } from "../episode-body.ts";
import type { KeptEpisode } from "../episodes.ts";
import type { Progress } from "../live-episode.ts";
import { type Problem, showProblem, splitOf } from "../problems.ts";
import type { Turn } from "../remote-model.ts";
import { type TaskService, toRefusal } from "../task-service.ts";
import { invalidBody, type VerdictBody, verdictBody } from "../verdict-body.ts";
import type { Protocol } from "./protocol.ts";

const PAGE = 20;

export function rrr(service: TaskService): Protocol {
  const { settings, problems, episodes } = service;
  const { task } = settings;
  const fieldsOf = async ({ request }: Call): Promise<Fields> =>
    objectIn(await service.body(request), "the body");

  async function show(problem: Problem): Promise<object> {
    try {
      return await showProblem(task, problem);
    } catch (error) {
      const { code, message } = toRefusal(error);
      return { id: problem.id, item: problem.raw, error: { code, detail: message } };
    }
  }

  async function judge(entry: unknown, what: string, signal: AbortSignal): Promise<VerdictBody> {
    const fields = objectIn(entry, what);
    const completion = textIn(fields.completion, `${what}.completion`);
    const { item } = await service.item(fields, what);
    return verdictBody(await service.verify(item, completion, signal));
  }

  const routes: readonly Route[] = [
    {
      method: "GET",
      path: "/v1/task",
      answer: async () => {
        const { name, limits, feedback = false, testOnly = false } = task;
        const { maxBatch, maxBodyBytes, seed } = settings;
        return Response.json({ name, limits, feedback, testOnly, seed, maxBatch, maxBodyBytes });
      },
    },
    {
      method: "GET",
      path: "/v1/items",
      answer: async ({ query }) => {
        const split = splitOf(task, query.get("split"));
        const offset = countInQuery(query, "offset", 0, 1_000_000);
        const limit = countInQuery(query, "limit", PAGE, settings.maxBatch);
        const page = await problems.page(split, offset, limit);
        const next = page.length < limit || limit === 0 ? null : offset + limit;
        return Response.json({ items: await Promise.all(page.map(show)), next });
      },
    },
    {
      method: "GET",
      path: "/v1/items/:id",
      answer: async ({ params }) =>
        Response.json(await showProblem(task, await problems.byId(params.id as string))),
    },
    {
      method: "POST",
      path: "/v1/verify",
      answer: async (call) =>
        Response.json(await judge(await service.body(call.request), "the body", call.request.signal)),
    },
    {
      method: "POST",
      path: "/v1/verify/batch",
      answer: async (call) => {
        const { requests } = await fieldsOf(call);
        const entries = listIn(requests, "requests", settings.maxBatch);
        // What is wrong with one is its verdict; the others have theirs.
        const verdicts = entries.map((entry, i) =>
          judge(entry, `requests[${i}]`, call.request.signal).catch(invalidBody),
        );
        return Response.json({ verdicts: await Promise.all(verdicts) });
      },
    },
    {
      method: "POST",
      path: "/v1/episodes",
      answer: async (call) => {
        const fields = await fieldsOf(call);
        const reflects = fields.reflects ?? true;
        if (typeof reflects !== "boolean") throw new Refusal(400, "reflects must be true or false");
        const episode = episodes.start(await service.item(fields, "the body"), reflects);
        return Response.json(shown(episode, await episode.progress()), { status: 201 });
      },
    },
    {
      method: "GET",
      path: "/v1/episodes/:id",
      answer: async ({ params }) => {
        const episode = episodes.find(params.id as string);
        return Response.json(shown(episode, await episode.progress()));
      },
    },
    {
      method: "POST",
      path: "/v1/episodes/:id",
      answer: async (call) => {
        const fields = await fieldsOf(call);
        const text = textIn(fields.completion, "completion");
        const { turn, finish = "stop" } = fields;
        if (!isTurn(turn)) throw new Refusal(400, "turn must be attempt, reflection or retry");
        if (finish !== "stop" && finish !== "length") throw new Refusal(400, "finish must be stop or length");
        const episode = episodes.find(call.params.id as string);
        return Response.json(shown(episode, await episode.answer(turn, { text, finish })));
      },
    },
    {
      method: "DELETE",
      path: "/v1/episodes/:id",
      answer: async ({ params }) => {
        episodes.find(params.id as string);
        episodes.drop(params.id as string);
        return new Response(null, { status: 204 });
      },
    },
  ];
  return { routes };
}

function shown({ id, item }: KeptEpisode, progress: Progress): object {
  return { episode: id, item: item ?? null, ...episodeBody(progress) };
}

function isTurn(value: unknown): value is Turn {
  return value === "attempt" || value === "reflection" || value === "retry";
}
