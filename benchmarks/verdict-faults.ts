/**
 * `pnpm bench:verdict-faults [--requests 10000] [--seed 1]`: requests with faults of every kind, over HTTP, to a served task
 * by each of its protocols. Exits with 1 if one was answered with a reward, or not at all. The short version is
 * packages/server/src/task/faults.test.ts.
 */
import { Agent, request } from "node:http";
import { parseArgs } from "node:util";
import { createTaskHandler, type Listening, listen, type TaskProtocol } from "@rrr/server";
import {
  FAULT_KINDS,
  faultyRequest,
  hasReward,
  LIMITS,
  type RawRequest,
  rawOf,
  soundRequest,
} from "../packages/server/test/faulty-requests.ts";
import { sums } from "../packages/server/test/sums-task.ts";

const { values } = parseArgs({
  options: { requests: { type: "string", default: "10000" }, seed: { type: "string", default: "1" } },
});
const requests = Number(values.requests);
const seed = Number(values.seed);
const IN_FLIGHT = 32;

const PROTOCOLS: readonly TaskProtocol[] = ["rrr", "nemo-gym", "openrlhf", "openenv"];
const servers = new Map<TaskProtocol, Listening>();
for (const protocol of PROTOCOLS) {
  const { handle, sockets } = createTaskHandler({ task: sums(), protocol, ...LIMITS });
  servers.set(protocol, await listen(handle, { sockets }));
}
const agent = new Agent({ keepAlive: true, maxSockets: IN_FLIGHT });

interface Answered {
  readonly status: number;
  readonly text: string;
}

function send(protocol: TaskProtocol, { method, path, headers, body }: RawRequest): Promise<Answered> {
  const { port } = new URL(servers.get(protocol)?.url ?? "");
  const hasBody = method !== "GET" && method !== "HEAD";
  return new Promise((resolve, reject) => {
    const length = hasBody ? { "content-length": body.length } : {};
    const options = { port, host: "127.0.0.1", method, path, agent, headers: { ...headers, ...length } };
    const asked = request(options, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part) => {
        text += part;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text })).on("error", reject);
    });
    // A connection that was kept may end, as it is idle for long, in the moment in which it is used again.
    asked.on("error", (error) => {
      if (asked.reusedSocket) send(protocol, { method, path, headers, body }).then(resolve, reject);
      else reject(error);
    });
    asked.end(hasBody ? body : undefined);
  });
}

/** A new episode, for requests that go on with one. */
async function start(protocol: TaskProtocol): Promise<string> {
  const path = protocol === "rrr" ? "/v1/episodes" : "/reset";
  const body = Buffer.from(JSON.stringify({ item: { a: 2, b: 3 } }));
  const { text } = await send(protocol, { method: "POST", path, headers: {}, body });
  const { episode, observation } = JSON.parse(text);
  return episode ?? observation.episode_id;
}

const counts = new Map(
  FAULT_KINDS.map((kind) => [kind, { requests: 0, rewards: 0, statuses: new Set<number>() }]),
);
let unanswered = 0;

async function ask(n: number): Promise<void> {
  const { kind, protocol, request: faulty } = await faultyRequest(n, seed, start);
  const count = counts.get(kind);
  if (count === undefined) throw new Error(kind);
  count.requests++;
  try {
    const { status, text } = await send(protocol, faulty);
    count.statuses.add(status);
    if (!hasReward(text === "" ? {} : JSON.parse(text))) return;
    count.rewards++;
    console.error(
      kind,
      protocol,
      faulty.method,
      faulty.path,
      Buffer.from(faulty.body).toString().slice(0, 200),
      text,
    );
  } catch (error) {
    unanswered++;
    console.error(kind, protocol, faulty.method, faulty.path, error);
  }
}

let sound = 0;
for (let n = 0; n < 6; n++) {
  const good = await soundRequest(n, start);
  sound += Number(hasReward(JSON.parse((await send(good.protocol, rawOf(good))).text)));
}
const started = performance.now();
let next = 0;
await Promise.all(
  Array.from({ length: IN_FLIGHT }, async () => {
    while (next < requests) {
      if (next > 0 && next % 2_000 === 0) console.error(`${next} of ${requests}`);
      await ask(next++);
    }
  }),
);
agent.destroy();
await Promise.all([...servers.values()].map((server) => server.close()));

console.log(`${"fault".padEnd(28)}requests  rewards  status`);
let rewards = 0;
for (const [kind, { requests: asked, rewards: given, statuses }] of counts) {
  rewards += given;
  const codes = [...statuses].toSorted((a, b) => a - b).join(" ");
  console.log(`${kind.padEnd(28)}${String(asked).padStart(8)}${String(given).padStart(9)}  ${codes}`);
}
const time = ((performance.now() - started) / 1_000).toFixed(0);
console.log(
  `${requests} faulty requests of ${FAULT_KINDS.length} kinds in ${time} s: ${rewards} rewards, ${unanswered} unanswered; ${sound} of 6 sound ones have a reward`,
);
process.exit(rewards > 0 || unanswered > 0 || sound !== 6 ? 1 : 0);
