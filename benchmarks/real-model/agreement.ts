/**
 * `npx tsx benchmarks/real-model/agreement.ts <folder> <file.json>`: the embedded engine beside transformers, on what
 * reference.py wrote of the same model folder. Fails where they are two models: greedy texts may part where two tokens are
 * as likely as each other.
 */
import { readFileSync } from "node:fs";
import { createOnnxEngine } from "@rrr/engine-onnx";
import { readModelDir } from "@rrr/trainer";

interface Reference {
  readonly prompts: readonly {
    readonly text: string;
    readonly ids: readonly number[];
    readonly greedy: readonly number[];
    readonly logprobs: readonly number[];
  }[];
  readonly texts: readonly { readonly text: string; readonly ids: readonly number[] }[];
}

const [folder = "", file = ""] = process.argv.slice(2);
const reference: Reference = JSON.parse(readFileSync(file, "utf8"));
const engine = await createOnnxEngine(await readModelDir(folder), { rows: 8, threads: 1 });
const { tokenizer } = engine;
const same = (a: ArrayLike<number>, b: ArrayLike<number>): boolean =>
  [...Array.from(a)].join() === Array.from(b).join();

const chats = reference.prompts.filter(({ text, ids }) =>
  same(tokenizer.encodeChat([{ role: "user", content: text }]), ids),
);
console.log(`chat prompts with the same ids: ${chats.length} of ${reference.prompts.length}`);
const texts = reference.texts.filter(({ text, ids }) => same(tokenizer.encode(text), ids));
console.log(`texts with the same ids: ${texts.length} of ${reference.texts.length}`);

const scored = await engine.forward(
  reference.prompts.map(({ ids, greedy }) => ({
    prompt: Int32Array.from(ids),
    targets: Int32Array.from(greedy),
    weights: new Float32Array(greedy.length).fill(1),
  })),
);
const off = reference.prompts.flatMap(({ logprobs }, i) =>
  logprobs.map((value, t) => Math.abs(value - (scored[i]?.[t] as number))),
);
const farthest = Math.max(...off);
console.log(`log-probabilities of ${off.length} tokens: at most ${farthest.toExponential(1)} nats apart`);
const isOne =
  chats.length === reference.prompts.length && texts.length === reference.texts.length && farthest < 1e-3;
if (!isOne) process.exitCode = 1;

const written = await Promise.all(
  reference.prompts.map(({ ids, greedy }) =>
    engine.sample(Int32Array.from(ids), { n: 1, maxTokens: greedy.length, temperature: 0, seed: 0 }),
  ),
);
const equal = reference.prompts.filter(({ greedy }, i) => same(written[i]?.[0]?.tokens ?? [], greedy));
console.log(`greedy answers with the same tokens: ${equal.length} of ${reference.prompts.length}`);
for (const [completion] of written)
  console.log(`  ${JSON.stringify(tokenizer.decode(completion?.tokens ?? new Int32Array()))}`);
await engine.close();
