import { createTaskHandler, type TaskHandler, type TaskServerSettings } from "@rrr/server";
import { type SumItem, sums } from "./sums-task.ts";

/** An answer with its JSON. */
export interface Answered {
  readonly status: number;
  // What is in it is what a test asks.
  readonly body: never;
}

/** Asks a handler, without a server. */
export type Ask = (method: string, path: string, body?: unknown) => Promise<Answered>;

export function createAsk(settings: Partial<TaskServerSettings<SumItem>> = {}): Ask {
  return asking(createTaskHandler({ task: sums(), ...settings }));
}

export function asking({ handle }: Pick<TaskHandler, "handle">): Ask {
  return async (method, path, body) => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const init = body === undefined ? { method } : { method, body: text };
    const response = await handle(new Request(`http://localhost${path}`, init));
    const said = await response.text();
    return { status: response.status, body: (said === "" ? null : JSON.parse(said)) as never };
  };
}
