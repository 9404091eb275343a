import { type Fields, listIn, objectIn } from "../../http/fields.ts";
import { Refusal } from "../../http/refusal.ts";

const TASK_INDEX = "_ng_task_index";
const MOST_RESPONSES = 10_000_000;

/**
 * The mean reward of all verified rollouts, and of each problem's: what NeMo-Gym asks its resources server for at the end
 * of a collection. A rollout without a reward is refused, not counted as 0.
 */
export function aggregate(body: Fields): object {
  const rewards = new Map<number, number[]>();
  listIn(body.verify_responses, "verify_responses", MOST_RESPONSES).forEach((each, i) => {
    const { reward, [TASK_INDEX]: task = 0 } = objectIn(each, `verify_responses[${i}]`);
    // JSON has numbers that are infinite here; their mean would be none.
    if (typeof reward !== "number" || !Number.isFinite(reward))
      throw new Refusal(400, `verify_responses[${i}] has no reward`);
    if (typeof task !== "number") throw new Refusal(400, `verify_responses[${i}].${TASK_INDEX} is no number`);
    const known = rewards.get(task);
    if (known === undefined) rewards.set(task, [reward]);
    else known.push(reward);
  });
  if (rewards.size === 0) return { group_level_metrics: [], agent_metrics: {}, key_metrics: {} };
  const overall = { "mean/reward": mean([...rewards.values()].flat()) };
  const groups = [...rewards].toSorted(([a], [b]) => a - b);
  return {
    group_level_metrics: groups.map(([task, of]) => ({ [TASK_INDEX]: task, "mean/reward": mean(of) })),
    agent_metrics: overall,
    key_metrics: overall,
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
