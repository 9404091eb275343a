/** A plugin whose verifier does what the completion says: what a host has to survive. */
import { spawnSync } from "node:child_process";

const kept = [];

/** 2 GB, touched, without a pause. */
function fillBuffers() {
  for (let i = 0; i < 128; i++) kept.push(Buffer.alloc(16 * 2 ** 20, i + 1));
}

const never = () => new Promise(() => {});
const soon = () => new Promise((resolve) => setTimeout(resolve, 5));

const acts = {
  pass: () => ({ kind: "pass" }),
  "pass slowly": () => {
    for (const end = performance.now() + 400; performance.now() < end; );
    return { kind: "pass" };
  },
  fail: (item) => ({ kind: "fail", code: "wrong", detail: JSON.stringify(item) }),
  "pass later": () => soon().then(() => ({ kind: "pass" })),
  loop: () => {
    for (;;);
  },
  "loop later": () => soon().then(acts.loop),
  buffers: () => {
    fillBuffers();
    return { kind: "pass" };
  },
  heap: () => {
    for (;;) kept.push(Array.from({ length: 1000 }, (_, i) => ({ i })));
  },
  exit: () => process.exit(0),
  "exit later": () => soon().then(() => process.exit(3)),
  getter: () => ({
    get kind() {
      throw new Error("a getter threw");
    },
  }),
  never,
  "throw later": () => {
    setTimeout(() => {
      throw new Error("thrown later");
    }, 5);
    return never();
  },
  "throw after the verdict": () => {
    setTimeout(() => {
      throw new Error("thrown after the verdict");
    }, 5);
    return { kind: "pass" };
  },
  kill: () => process.kill(process.pid, "SIGKILL"),
  print: () => {
    console.log("printed by a verifier");
    return { kind: "pass" };
  },
  map: (item) => ({ kind: item.map instanceof Map ? "pass" : "no map" }),
  sleep: () => {
    spawnSync("sleep", ["60"]);
    return { kind: "pass" };
  },
};

/** @param options `{ breaks: true }` makes a factory that throws in its second process or thread */
export default (options = {}) => {
  if (options.breaks) throw new Error("no luck here");
  return {
    spec: "rrr/task@1",
    name: "hostile",
    schema: { "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) } },
    *items(_split, seed) {
      for (let i = 0; ; i++) yield { i, seed };
    },
    prompt: () => [{ role: "user", content: "Say pass." }],
    reflect: () => "Why?",
    limits: { attempt: 8, reflection: 8 },
    verify: (item, completion) => acts[completion](item),
    leaks: (item, reflection) => acts[reflection](item).kind === "pass",
    showItem: (item) => ({ description: JSON.stringify(item), rows: [["a", "b".repeat(9_000), "wrong"]] }),
    showAnswer: async (item, text) => ({ description: acts[text](item).kind, svg: item.svg }),
  };
};
