import { countInQuery } from "../http/fields.ts";
import type { Route } from "../http/router.ts";
import { type ShownProblem, showProblem, splitOf } from "./problems.ts";
import type { TaskService } from "./task-service.ts";

/** Problems as rows of a framework's own dataset, JSON Lines. They have the item itself, so that they outlive the server. */
export function datasetRoute(
  { settings, problems }: TaskService,
  toRow: (problem: ShownProblem) => object,
): Route {
  const { task, maxBatch } = settings;
  return {
    method: "GET",
    path: "/dataset",
    answer: async ({ query }) => {
      const split = splitOf(task, query.get("split"));
      const offset = countInQuery(query, "offset", 0, 1_000_000);
      const limit = countInQuery(query, "limit", 100, maxBatch);
      const page = await problems.page(split, offset, limit);
      const rows = await Promise.all(page.map((problem) => showProblem(task, problem)));
      const text = rows.map((row) => `${JSON.stringify(toRow(row))}\n`).join("");
      return new Response(text, { headers: { "content-type": "application/jsonl" } });
    },
  };
}
