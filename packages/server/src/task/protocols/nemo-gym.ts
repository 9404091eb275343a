/**
 * A resources server of NeMo-Gym. A row of its datasets has the item in `verifier_metadata`; `/dataset` writes such rows.
 * @see https://github.com/NVIDIA-NeMo/Gym
 */
import { withToolsAsText } from "@rrr/core";
import { type Fields, listIn, objectIn, textIn } from "../../http/fields.ts";
import { Refusal } from "../../http/refusal.ts";
import type { Route } from "../../http/router.ts";
import { datasetRoute } from "../dataset-route.ts";
import { rewardOf, type TaskService } from "../task-service.ts";
import { verdictBody } from "../verdict-body.ts";
import { aggregate } from "./nemo-gym-metrics.ts";
import type { Protocol } from "./protocol.ts";

export function nemoGym(service: TaskService): Protocol {
  const bodyOf = async (request: Request): Promise<Fields> =>
    objectIn(await service.body(request), "the body");
  const verify: Route["answer"] = async ({ request }) => {
    const body = await bodyOf(request);
    objectIn(body.responses_create_params, "responses_create_params");
    const completion = completionOf(objectIn(body.response, "response"), service.settings.maxBatch);
    const metadata = objectIn(body.verifier_metadata, "verifier_metadata");
    const { item } = await service.item(metadata, "verifier_metadata");
    const verdict = await service.verify(item, completion, request.signal);
    const reward = rewardOf(verdict);
    return Response.json({ ...body, reward, verdict: verdictBody(verdict) });
  };
  const seedSession: Route["answer"] = async ({ request }) => {
    await bodyOf(request);
    return Response.json({});
  };
  const routes: readonly Route[] = [
    { method: "POST", path: "/seed_session", answer: seedSession },
    { method: "POST", path: "/verify", answer: verify },
    // As its client calls them while it observes rollouts.
    { method: "POST", path: "/ng-rollout/:rollout/seed_session", answer: seedSession },
    { method: "POST", path: "/ng-rollout/:rollout/verify", answer: verify },
    {
      method: "POST",
      path: "/aggregate_metrics",
      answer: async ({ request }) => Response.json(aggregate(await bodyOf(request))),
    },
    { method: "GET", path: "/reverify_mode", answer: async () => Response.json("stateless") },
    datasetRoute(service, ({ item, messages }) => {
      const input = withToolsAsText(messages).map(({ role, content }) => ({ role, content }));
      return { responses_create_params: { input }, verifier_metadata: { item } };
    }),
  ];
  return { routes };
}

/** All that the model said; its thoughts apart. @throws Refusal for what is no answer in text */
function completionOf(response: Fields, most: number): string {
  const output = listIn(response.output, "response.output", most);
  if (output.length === 0) throw new Refusal(400, "response.output is empty: there is nothing to check");
  return output.map((each, i) => textOf(objectIn(each, `response.output[${i}]`), i, most)).join("");
}

function textOf({ type, role, content }: Fields, i: number, most: number): string {
  const what = `response.output[${i}]`;
  if (type === "reasoning") return "";
  if (type !== "message" || role !== "assistant") {
    throw new Refusal(
      400,
      `${what} is of the type ${textIn(type, `${what}.type`)}; answers are messages of the assistant`,
    );
  }
  const parts = listIn(content, `${what}.content`, most);
  return parts
    .map((each, j) => {
      const part = objectIn(each, `${what}.content[${j}]`);
      const field = part.type === "refusal" ? "refusal" : "text";
      return textIn(part[field], `${what}.content[${j}].${field}`);
    })
    .join("");
}
