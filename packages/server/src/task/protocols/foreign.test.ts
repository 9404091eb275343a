/** The protocols of other frameworks, in the shapes that their clients send. */
import { expect, test } from "vitest";
import { createAsk } from "../../../test/ask.ts";
import { BREAKS } from "../../../test/sums-task.ts";

const item = { a: 2, b: 3 };

const gymBody = (text: string) => ({
  responses_create_params: { input: [{ role: "user", content: "2 + 3 = ?" }] },
  response: {
    id: "r",
    output: [
      { type: "reasoning", id: "t", summary: [] },
      {
        type: "message",
        role: "assistant",
        id: "m",
        content: [{ type: "output_text", text, annotations: [] }],
      },
    ],
  },
  verifier_metadata: { item },
  agent_ref: { name: "agent" },
});

test("NeMo-Gym: what was sent comes back, with a reward", async () => {
  const ask = createAsk({ protocol: "nemo-gym" });
  expect(await ask("POST", "/seed_session", { anything: 1 })).toEqual({ status: 200, body: {} });
  const { body } = await ask("POST", "/verify", gymBody("5"));
  expect(body).toEqual({ ...gymBody("5"), reward: 1, verdict: { kind: "pass", reward: 1 } });
  expect((await ask("POST", "/ng-rollout/3-0/verify", gymBody("6"))).body).toMatchObject({ reward: 0 });
  expect((await ask("GET", "/reverify_mode")).body).toBe("stateless");
});

test("NeMo-Gym: means over rollouts; one without a reward is refused", async () => {
  const ask = createAsk({ protocol: "nemo-gym" });
  const rows = [1, 0, 0].map((reward, i) => ({ _ng_task_index: i % 2, _ng_rollout_index: i, reward }));
  expect((await ask("POST", "/aggregate_metrics", { verify_responses: rows })).body).toEqual({
    group_level_metrics: [
      { _ng_task_index: 0, "mean/reward": 0.5 },
      { _ng_task_index: 1, "mean/reward": 0 },
    ],
    agent_metrics: { "mean/reward": 1 / 3 },
    key_metrics: { "mean/reward": 1 / 3 },
  });
  expect((await ask("POST", "/aggregate_metrics", { verify_responses: [{}] })).status).toBe(400);
  const endless = '{"verify_responses":[{"reward":1e999},{"reward":1}]}';
  expect((await ask("POST", "/aggregate_metrics", endless)).status).toBe(400);
});

test("NeMo-Gym: a call of a function is no answer in text", async () => {
  const ask = createAsk({ protocol: "nemo-gym" });
  const body = gymBody("5");
  const call = { type: "function_call", name: "add", arguments: "{}", call_id: "c" };
  const asked = { ...body, response: { output: [call] } };
  expect((await ask("POST", "/verify", asked)).status).toBe(400);
});

const prompt = "<|im_start|>user\n2 + 3 = ?<|im_end|>\n<|im_start|>assistant\n";
const rlhfBody = (completion: string) => ({
  query: [`${prompt}${completion}<|im_end|>\n`],
  prompts: [prompt],
  labels: [JSON.stringify({ item })],
});

test("OpenRLHF: rewards as floating-point numbers, of what follows the prompt", async () => {
  const ask = createAsk({ protocol: "openrlhf" });
  expect(await ask("POST", "/get_reward", rlhfBody("5"))).toEqual({
    status: 200,
    body: { rewards: [1], scores: [1], extra_logs: {} },
  });
  const two = { query: ["a5", "b6</s><pad><pad>"], prompts: ["a", "b"], labels: [{ item }, { item }] };
  expect((await ask("POST", "/get_reward", two)).body).toMatchObject({ rewards: [1, 0] });
});

test("OpenRLHF: a query that does not begin with its prompt is not guessed at", async () => {
  const ask = createAsk({ protocol: "openrlhf" });
  const cut = { ...rlhfBody("5"), query: ["5"] };
  expect(await ask("POST", "/get_reward", cut)).toMatchObject({
    status: 422,
    body: { code: "no-completion" },
  });
});

test("OpenEnv over HTTP: an episode in steps", async () => {
  const ask = createAsk({ protocol: "openenv" });
  expect((await ask("GET", "/health")).body).toEqual({ status: "healthy" });
  const { body } = await ask("POST", "/reset", { seed: 1 });
  expect(body).toMatchObject({
    observation: { task: "sums", turn: "attempt", messages: [{ content: "0 + 2 = ?" }], max_tokens: 8 },
    reward: null,
    done: false,
  });
  const { episode_id } = (body as { observation: { episode_id: string } }).observation;
  const step = (completion: string) => ask("POST", "/step", { action: { completion }, episode_id });
  expect((await step("3")).body).toMatchObject({
    observation: { turn: "reflection" },
    reward: 0,
    done: false,
  });
  expect((await step("hm")).body).toMatchObject({
    observation: { turn: "retry" },
    reward: null,
    done: false,
  });
  expect((await ask("GET", `/state?episode_id=${episode_id}`)).body).toMatchObject({ step_count: 2 });
  expect((await step("2")).body).toMatchObject({ observation: { turn: "done" }, reward: 1, done: true });
  expect((await step("2")).status).toBe(409);
});

test("OpenEnv: each reset without a seed puts another problem, and after the last the first", async () => {
  const { sums } = await import("../../../test/sums-task.ts");
  const ask = createAsk({ protocol: "openenv", task: sums(2) });
  const reset = async () => {
    const { body } = await ask("POST", "/reset", {});
    return (body as { observation: { messages: { content: string }[] } }).observation.messages[0]?.content;
  };
  expect([await reset(), await reset(), await reset()]).toEqual(["0 + 0 = ?", "0 + 2 = ?", "0 + 0 = ?"]);
});

test.each(Object.entries(BREAKS))(
  "a verifier that %s: an error in each protocol",
  async (completion, code) => {
    const verifyTimeoutMs = 20;
    const gym = createAsk({ protocol: "nemo-gym", verifyTimeoutMs });
    expect(await gym("POST", "/verify", gymBody(completion))).toMatchObject({ status: 500, body: { code } });
    const rlhf = createAsk({ protocol: "openrlhf", verifyTimeoutMs });
    expect(await rlhf("POST", "/get_reward", rlhfBody(completion))).toMatchObject({
      status: 500,
      body: { code },
    });
    const env = createAsk({ protocol: "openenv", verifyTimeoutMs });
    const { body } = await env("POST", "/reset", { item });
    const { episode_id } = (body as { observation: { episode_id: string } }).observation;
    const stepped = await env("POST", "/step", { action: { completion }, episode_id });
    expect(stepped).toMatchObject({ status: 500, body: { code } });
  },
);

test.each(["nemo-gym", "openrlhf"] as const)(
  "%s: rows of a dataset lead back to their verdicts",
  async (protocol) => {
    const { createTaskHandler } = await import("@rrr/server");
    const { sums } = await import("../../../test/sums-task.ts");
    const { handle } = createTaskHandler({ task: sums(), protocol });
    const text = await (await handle(new Request("http://localhost/dataset?limit=2"))).text();
    const rows = text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(rows).toHaveLength(2);
    const ask = createAsk({ protocol });
    const asked =
      protocol === "nemo-gym"
        ? await ask("POST", "/verify", { ...gymBody("2"), ...rows[1] })
        : await ask("POST", "/get_reward", { query: ["p2"], prompts: ["p"], labels: [rows[1].label] });
    expect(asked).toMatchObject({
      status: 200,
      body: protocol === "nemo-gym" ? { reward: 1 } : { rewards: [1] },
    });
  },
);
