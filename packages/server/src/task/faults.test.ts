/** Requests with a fault, of every kind and to every protocol: none is answered with a reward. */
import { expect, test } from "vitest";
import { asking } from "../../test/ask.ts";
import {
  FAULT_KINDS,
  faultyRequest,
  hasReward,
  LIMITS,
  type RawRequest,
  rawOf,
  soundRequest,
} from "../../test/faulty-requests.ts";
import { sums } from "../../test/sums-task.ts";
import { createTaskHandler, type TaskProtocol } from "../index.ts";

const handlers = Object.fromEntries(
  (["rrr", "nemo-gym", "openrlhf", "openenv"] as const).map((protocol) => [
    protocol,
    createTaskHandler({ task: sums(), protocol, ...LIMITS }),
  ]),
) as unknown as Record<TaskProtocol, ReturnType<typeof createTaskHandler>>;

async function send(protocol: TaskProtocol, { method, path, headers, body }: RawRequest): Promise<Response> {
  const hasBody = method !== "GET" && method !== "HEAD";
  const init = { method, headers, ...(hasBody ? { body: Buffer.from(body) } : {}) };
  return handlers[protocol].handle(new Request(`http://localhost${path}`, init));
}

async function start(protocol: TaskProtocol): Promise<string> {
  const [path, name] = protocol === "rrr" ? ["/v1/episodes", "episode"] : ["/reset", "observation"];
  const { body } = await asking(handlers[protocol])("POST", path as string, { item: { a: 2, b: 3 } });
  const found = (body as Record<string, unknown>)[name as string];
  return (typeof found === "string" ? found : (found as { episode_id: string }).episode_id) as string;
}

test("without a fault each of them has a reward", async () => {
  for (let n = 0; n < 6; n++) {
    const sound = await soundRequest(n, start);
    const response = await send(sound.protocol, rawOf(sound));
    expect([sound.path, hasReward(await response.json())]).toEqual([sound.path, true]);
  }
});

test(`${FAULT_KINDS.length} kinds of faults`, async () => {
  const answers = new Map<string, number>();
  for (let n = 0; n < 600; n++) {
    const { kind, protocol, request } = await faultyRequest(n, 1, start);
    const response = await send(protocol, request);
    const text = await response.text();
    const what = [
      kind,
      protocol,
      request.method,
      request.path,
      Buffer.from(request.body).toString().slice(0, 200),
    ];
    // Of a text that is no JSON nothing could be read as a reward; no answer may be one.
    const body = text === "" ? {} : JSON.parse(text);
    expect([...what, text, hasReward(body)]).toEqual([...what, text, false]);
    answers.set(kind, (answers.get(kind) ?? 0) + 1);
    if (response.status === 500)
      expect([kind, body.code]).toEqual(["the verifier breaks", expect.stringMatching(/^verifier-/)]);
  }
  expect([...answers.keys()].toSorted()).toEqual(FAULT_KINDS.toSorted());
});
