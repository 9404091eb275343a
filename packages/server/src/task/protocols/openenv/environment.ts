import { countIn, type Fields, objectIn, textIn } from "../../../http/fields.ts";
import { Refusal } from "../../../http/refusal.ts";
import { episodeBody } from "../../episode-body.ts";
import type { KeptEpisode } from "../../episodes.ts";
import type { Progress } from "../../live-episode.ts";
import { splitOf } from "../../problems.ts";
import type { TaskService } from "../../task-service.ts";

/** What `reset` and `step` answer. */
export interface StepBody {
  readonly observation: object;
  /** That of an answer that was checked; null for a reflection, and before the first answer. */
  readonly reward: 0 | 1 | null;
  readonly done: boolean;
}

/** The task as an environment: `reset` puts a problem, each `step` answers it. */
export interface Environment {
  /** @throws Refusal */
  reset(fields: Fields): Promise<KeptEpisode>;
  /** @throws Refusal; RrrError where the verdict could not be reached: no reward says that */
  step(episode: KeptEpisode, action: unknown): Promise<StepBody>;
  /** @throws RrrError */
  observe(episode: KeptEpisode): Promise<StepBody>;
  state(episode: KeptEpisode | undefined): Promise<object>;
}

export function createEnvironment({
  settings: { task },
  problems,
  episodes,
  item,
}: TaskService): Environment {
  /** The problem of the next episode that asks for none. */
  let next = 0;

  function body({ id, item: named }: KeptEpisode, progress: Progress): StepBody {
    const { turn, ...rest } = episodeBody(progress);
    const head = { episode_id: id, task: task.name, item: named ?? null, turn };
    if ("messages" in rest) {
      const { messages, maxTokens: max_tokens } = rest;
      const reward = turn === "reflection" ? 0 : null;
      return { observation: { ...head, messages, max_tokens }, reward, done: false };
    }
    if ("reward" in rest) {
      const { reward, ...verdicts } = rest;
      return { observation: { ...head, ...verdicts }, reward, done: true };
    }
    const { code, detail } = rest.error;
    throw new Refusal(500, detail, code);
  }

  return {
    async reset({ seed = null, split, reflects = true, ...fields }) {
      if (typeof reflects !== "boolean") throw new Refusal(400, "reflects must be true or false");
      const isNamed = fields.id !== undefined || fields.item !== undefined;
      if (isNamed) return episodes.start(await item(fields, "reset"), reflects);
      const number = seed === null ? next++ : countIn(seed, "seed", Number.MAX_SAFE_INTEGER);
      const { id } = await problems.pick(splitOf(task, split), number);
      return episodes.start(await item({ id }, "reset"), reflects);
    },
    async step(episode, action) {
      const { completion, finish = "stop" } = objectIn(action, "action");
      const text = textIn(completion, "action.completion");
      if (finish !== "stop" && finish !== "length") {
        throw new Refusal(400, "action.finish must be stop or length");
      }
      const progress = await episode.progress();
      if (progress.kind === "ended") throw new Refusal(409, "the episode is over; reset", "wrong-turn");
      return body(episode, await episode.answer(progress.question.turn, { text, finish }));
    },
    observe: async (episode) => body(episode, await episode.progress()),
    async state(episode) {
      if (episode === undefined) return { episode_id: null, step_count: 0, task: task.name, turn: null };
      const progress = await episode.progress();
      const { turn } = episodeBody(progress);
      return { episode_id: episode.id, step_count: stepsOf(progress), task: task.name, turn };
    },
  };
}

/** Answers that an episode has had. */
function stepsOf(progress: Progress): number {
  if (progress.kind === "asked") return ["attempt", "reflection", "retry"].indexOf(progress.question.turn);
  const { episode } = progress;
  if (episode.kind === "errored") return ["attempt", "reflection", "retry"].indexOf(episode.turn) + 1;
  return episode.kind === "reflected" ? 3 : 1;
}
