/**
 * OpenRLHF's remote reward model. A label of its dataset is the JSON of `{"item": …}`; `/dataset` writes such rows.
 * @see https://github.com/OpenRLHF/OpenRLHF
 */
import { withToolsAsText } from "@rrr/core";
import { type Fields, listIn, objectIn, textIn } from "../../http/fields.ts";
import { parseJson } from "../../http/read-json.ts";
import { Refusal } from "../../http/refusal.ts";
import { datasetRoute } from "../dataset-route.ts";
import { rewardOf, type TaskService } from "../task-service.ts";
import type { Protocol } from "./protocol.ts";

/** Ends of turns and texts in the templates of common families: OpenRLHF sends the answer with them. */
const END_MARKS = [
  ...["<|im_end|>", "<|endoftext|>", "<|eot_id|>", "<|eom_id|>", "<|end_of_text|>", "</s>", "<eos>", "<pad>"],
  ...["<end_of_turn>", "<|end|>", "<|return|>", "<｜end▁of▁sentence｜>"],
];

export function openRlhf(service: TaskService): Protocol {
  const { maxBatch } = service.settings;

  async function judge(query: unknown, prompt: unknown, label: unknown, i: number, signal: AbortSignal) {
    const completion = completionOf(textIn(query, `query[${i}]`), textIn(prompt, `prompts[${i}]`), i);
    const named = typeof label === "string" ? parseJson(label, `labels[${i}]`) : label;
    const { item } = await service.item(objectIn(named, `labels[${i}]`), `labels[${i}]`);
    return rewardOf(await service.verify(item, completion, signal));
  }

  return {
    routes: [
      {
        method: "POST",
        path: "/get_reward",
        answer: async ({ request }) => {
          const body: Fields = objectIn(await service.body(request), "the body");
          const [queries, prompts, labels] = ["query", "prompts", "labels"].map((name) =>
            listIn(body[name], name, maxBatch),
          ) as [readonly unknown[], readonly unknown[], readonly unknown[]];
          if (queries.length === 0) throw new Refusal(400, "query is empty: there is nothing to check");
          if (prompts.length !== queries.length || labels.length !== queries.length) {
            const counts = `${queries.length} query, ${prompts.length} prompts, ${labels.length} labels`;
            throw new Refusal(400, `${counts}: there must be as many of each`);
          }
          const rewards = await Promise.all(
            queries.map((query, i) => judge(query, prompts[i], labels[i], i, request.signal)),
          );
          return rewardsResponse(rewards);
        },
      },
      datasetRoute(service, ({ item, messages }) => ({
        input: withToolsAsText(messages).map(({ role, content }) => ({ role, content })),
        label: JSON.stringify({ item }),
      })),
    ],
  };
}

/** As floating-point numbers: Python makes whole numbers, and other tensors, of `1` and `0`. */
function rewardsResponse(rewards: readonly (0 | 1)[]): Response {
  const list = `[${rewards.map((reward) => reward.toFixed(1)).join(",")}]`;
  const body = `{"rewards":${list},"scores":${list},"extra_logs":{}}`;
  return new Response(body, { headers: { "content-type": "application/json" } });
}

/** What follows the prompt, without the marks of its end. @throws Refusal where the query does not begin with the prompt */
function completionOf(query: string, prompt: string, i: number): string {
  if (!query.startsWith(prompt)) {
    const what = `query[${i}] does not begin with prompts[${i}]: where the answer begins cannot be told`;
    throw new Refusal(422, what, "no-completion");
  }
  let completion = query.slice(prompt.length);
  for (;;) {
    const bare = completion.trimEnd();
    const mark = END_MARKS.find((each) => bare.endsWith(each));
    if (mark === undefined) return completion;
    completion = bare.slice(0, -mark.length);
  }
}
