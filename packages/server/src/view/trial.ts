import {
  type Completion,
  itemsOf,
  type Model,
  messageOf,
  parseItem,
  RrrError,
  runEpisode,
  shownAnswer,
  shownItem,
  type Task,
  type TokenLimits,
  type Verdict,
  verifyWithin,
} from "@rrr/core";
import type { ShownByTask, ShowsOfTask, TrialEvent, TriedVerdict } from "./api.ts";

/** What the page can try: a task that its user named, and a model where one was named. */
export interface TrialSettings {
  readonly task: Task;
  readonly model?: Model;
  /** The most tokens of each turn. Default: the task's. */
  readonly limits?: TokenLimits;
}

export interface Trial {
  readonly task: string;
  readonly model: string | undefined;
  readonly shows: ShowsOfTask;
  /** A held-out problem. */
  item(seed: number): Promise<unknown>;
  /** @throws RrrError `bad-item` */
  verify(item: unknown, answer: string): Promise<TriedVerdict>;
  /** How the task shows an item, or an answer to it; why not, where it cannot. */
  show(item: unknown, answer?: string): Promise<ShownByTask>;
  /** An episode as it goes. @throws RrrError `bad-item`, `bad-argument` without a model or while another one goes on */
  episode(item: unknown, seed: number, signal: AbortSignal): AsyncGenerator<TrialEvent>;
}

/** One episode at a time: a model on this machine has no room for more, and a server may send a bill. */
export function createTrial({ task, model, limits = task.limits }: TrialSettings): Trial {
  let isBusy = false;
  return {
    task: task.name,
    model: model?.id,
    shows: { item: task.showItem !== undefined, answer: task.showAnswer !== undefined },
    async item(seed) {
      for await (const item of itemsOf(task, "test", seed)) return item;
      throw new RrrError("bad-task", `task "${task.name}" has no held-out items`, { hint: "Write one." });
    },
    async verify(item, answer) {
      return toTried(await verifyWithin(task, await parseItem(task, item), answer));
    },
    async show(item, answer) {
      try {
        const parsed = await parseItem(task, item);
        const shown = await (answer === undefined
          ? shownItem(task, parsed)
          : shownAnswer(task, parsed, answer));
        return shown === undefined ? { kind: "none", why: "it shows none" } : { kind: "shown", ...shown };
      } catch (error) {
        return { kind: "none", why: messageOf(error) };
      }
    },
    async *episode(item, seed, signal) {
      if (model === undefined) {
        throw new RrrError("bad-argument", "no model was named", { hint: "Start `rrr view` with --model." });
      }
      if (isBusy) {
        throw new RrrError("bad-argument", "another episode goes on", { hint: "Wait for it to end." });
      }
      isBusy = true;
      try {
        const parsed = await parseItem(task, item);
        const events = createQueue<TrialEvent>();
        const [heard, checked] = [listening(model, events.put), checking(task, events.put)];
        const ended = runEpisode(checked, heard, parsed, { seed, temperature: 1, limits, signal }).then(
          (episode) => {
            if (episode.kind === "errored") events.put({ kind: "error", message: episode.error.message });
            events.put({ kind: "end", path: episode.kind });
          },
          (error: unknown) => events.put({ kind: "error", message: messageOf(error) }),
        );
        void ended.finally(events.end);
        yield* events.all();
      } finally {
        isBusy = false;
      }
    },
  };
}

/** Tells of each answer as it comes. */
function listening(model: Model, tell: (event: TrialEvent) => void): Model {
  let turn = 0;
  return {
    id: model.id,
    async generate(prompt, options) {
      const role = turn === 0 ? "attempt" : turn % 2 === 1 ? "reflection" : "retry";
      turn++;
      tell({ kind: "asked", role, prompt: prompt.map(({ role: by, content }) => ({ role: by, content })) });
      const completions = await model.generate(prompt, options);
      for (const completion of completions) tell({ kind: "answer", role, ...toShown(completion) });
      return completions;
    },
  };
}

function toShown({ text, finish, reasoning }: Completion): {
  text: string;
  isCut: boolean;
  reasoning?: string;
} {
  return { text, isCut: finish === "length", ...(reasoning === undefined ? {} : { reasoning }) };
}

/** Tells of each verdict as it comes. The verifier stays where it runs. */
function checking(task: Task, tell: (event: TrialEvent) => void): Task {
  const verify: Task["verify"] = Object.assign((...of: Parameters<Task["verify"]>) => task.verify(...of), {
    within: async (...[item, completion, settings]: Parameters<NonNullable<Task["verify"]["within"]>>) => {
      const verdict = await verifyWithin(task, item, completion, settings);
      tell({ kind: "verdict", verdict: toTried(verdict) });
      return verdict;
    },
  });
  return new Proxy(task, { get: (of, name) => (name === "verify" ? verify : Reflect.get(of, name, of)) });
}

function toTried(verdict: Verdict): TriedVerdict {
  if (verdict.kind === "invalid") {
    return { kind: "invalid", code: verdict.error.code, detail: verdict.error.message };
  }
  if (verdict.kind === "pass") return { kind: "pass" };
  const { kind, code, detail } = verdict;
  return { kind, code, ...(detail === undefined ? {} : { detail }) };
}

/** Events from callbacks, to be iterated over. */
function createQueue<Event>(): { put(event: Event): void; end(): void; all(): AsyncGenerator<Event> } {
  const waiting: Event[] = [];
  let isOver = false;
  let wake = (): void => {};
  return {
    put(event) {
      waiting.push(event);
      wake();
    },
    end() {
      isOver = true;
      wake();
    },
    async *all() {
      for (;;) {
        const event = waiting.shift();
        if (event !== undefined) yield event;
        else if (isOver) return;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
}
