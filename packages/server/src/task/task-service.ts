import { messageOf, parseItem, RrrError, type Verdict, verifyWithin } from "@rrr/core";
import { type Fields, textIn } from "../http/fields.ts";
import { readBody } from "../http/read-body.ts";
import { readJson } from "../http/read-json.ts";
import { Refusal } from "../http/refusal.ts";
import { createEpisodes, type Episodes } from "./episodes.ts";
import { createProblems, type Named, type Problems } from "./problems.ts";
import type { TaskServerLimits } from "./task-settings.ts";

/** What all protocols work on. */
export interface TaskService {
  readonly settings: TaskServerLimits;
  readonly problems: Problems;
  readonly episodes: Episodes;
  /** The body of a request, as JSON. @throws Refusal */
  body(request: Request): Promise<unknown>;
  /**
   * The item that a request names by `id`, or has as `item`.
   * @throws Refusal 400 for neither or both, 404 for an unknown id, 422 for what is no item of this task
   */
  item(fields: Fields, what: string): Promise<Named>;
  /** Never rejects. */
  verify(item: unknown, completion: string, signal?: AbortSignal): Promise<Verdict>;
}

export function createTaskService(settings: TaskServerLimits): TaskService {
  const { task, seed, maxBodyBytes, verifyTimeoutMs: timeoutMs } = settings;
  const problems = createProblems(task, seed);
  const limit = timeoutMs === undefined ? {} : { timeoutMs };
  return {
    settings,
    problems,
    episodes: createEpisodes(settings),
    body: async (request) => readJson(await readBody(request, maxBodyBytes)),
    async item(fields, what) {
      const { id, item } = fields;
      if ((id === undefined) === (item === undefined)) {
        throw new Refusal(400, `${what} must have an item or the id of one, and not both`);
      }
      const named = id === undefined ? undefined : textIn(id, `${what}.id`);
      const raw = named === undefined ? item : (await problems.byId(named)).raw;
      try {
        return { item: await parseItem(task, raw), id: named };
      } catch (error) {
        if (RrrError.is(error, "bad-item")) throw new Refusal(422, error.message, error.code);
        throw error;
      }
    },
    verify: (item, completion, signal) =>
      verifyWithin(task, item, completion, signal === undefined ? limit : { ...limit, signal }),
  };
}

/** What went wrong, as a refusal: what is not the client's doing is the server's. */
export function toRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  return new Refusal(500, messageOf(error), RrrError.is(error) ? error.code : "failed");
}

/** @throws Refusal 500 for a verdict that could not be reached: no reward says that */
export function rewardOf(verdict: Verdict): 0 | 1 {
  if (verdict.kind !== "invalid") return verdict.kind === "pass" ? 1 : 0;
  throw new Refusal(500, messageOf(verdict.error), verdict.error.code);
}
