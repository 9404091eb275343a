/** Runs with something of everything that the page shows, written as rrr writes them. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Attempt, type Completion, type Episode, fail, type Message, pass, RrrError } from "@rrr/core";
import type { Outcomes, StepReport } from "@rrr/trainer";
import { createRunStore, type RunStore } from "../../runs/src/store/run-store.ts";
import { runHeader } from "../../runs/test/run-header.ts";

/** A text in every place of an episode where a model, a task or a server may write. */
export function episodeOf(
  problem: number,
  text: string,
  of: "solved" | "saved" | "lost" | "errored",
): Episode {
  const item = { problem, text };
  const prompt: readonly Message[] = [
    { role: "system", content: `system ${text}` },
    {
      role: "user",
      content: `problem ${problem} ${text}`,
      tools: [{ name: "tool", description: text, parameters: { type: "object" } }],
    },
  ];
  const attempt = (passed: boolean): Attempt => ({
    prompt,
    completion: said(`attempt ${problem} ${text}`, text),
    verdict: passed ? pass() : fail("wrong-value", `detail ${text}`),
  });
  if (of === "solved") return { kind: "solved", item, attempt: attempt(true) };
  if (of === "errored") {
    return { kind: "errored", item, error: new RrrError("model-failed", `error ${text}`), turn: "attempt" };
  }
  const asked: readonly Message[] = [
    ...prompt,
    { role: "assistant", content: attempt(false).completion.text },
    { role: "user", content: `reflect ${text}` },
  ];
  const again: readonly Message[] = [
    ...asked,
    { role: "assistant", content: `reflection ${problem} ${text}` },
    { role: "user", content: "again" },
  ];
  return {
    ...{ kind: "reflected", item, attempt: attempt(false) },
    reflection: {
      prompt: asked,
      completion: {
        ...said(`reflection ${problem} ${text}`, text),
        finish: of === "lost" ? "length" : "stop",
      },
      retry: { ...attempt(of === "saved"), prompt: again },
    },
  };
}

/** With tokens, as an engine's model says them. */
function said(text: string, reasoning: string): Completion {
  const ids = Int32Array.from({ length: 12 }, (_, i) => i + 5);
  const logprobs = Float32Array.from(ids, (_, i) => -i / 3);
  return { text, finish: "stop", reasoning, tokens: { prompt: ids, ids, logprobs } };
}

const KINDS = ["solved", "saved", "lost", "errored"] as const;

/** Evaluated problems, a quarter of each kind. @param shift which of the kinds comes first */
export function evaluate(
  store: RunStore,
  stage: "evaluate" | "before" | "after",
  texts: readonly string[],
  shift = 0,
  from = 0,
): void {
  const record = store.record(stage);
  texts.forEach((text, i) => {
    const problem = from + i;
    const kind = KINDS[(problem + shift) % KINDS.length] ?? "solved";
    const first = kind === "solved";
    const outcomes: Outcomes = kind === "errored" ? {} : { first, after: first || kind === "saved" };
    const episode = episodeOf(problem, text, kind);
    record.add({ part: "episodes", problem, sample: 0, episode, outcomes, seconds: 1.5 });
  });
}

interface EvaluationOptions {
  readonly shift?: number;
  readonly task?: string;
  readonly status?: "finished" | "stopped";
}

/** A run that measures. */
export function evaluationRun(
  cwd: string,
  name: string,
  texts: readonly string[],
  { shift = 0, task = "even", status = "finished" }: EvaluationOptions = {},
): void {
  const store = begin(cwd, name, task, texts.length);
  evaluate(store, "evaluate", texts, shift);
  store.end(status);
  store.close();
}

/** A problem of Countdown, with a wrong answer and then a right one. */
export function countdownRun(cwd: string, name: string, task: string): void {
  const store = begin(cwd, name, task, 1);
  const item = { numbers: [25, 7, 8], target: 24 };
  const turn = (answer: string, passed: boolean): Attempt => ({
    prompt: [],
    completion: { text: `<answer>${answer}</answer>`, finish: "stop" },
    verdict: passed ? pass() : fail("wrong-value"),
  });
  const reflection = { prompt: [], completion: { text: "No.", finish: "stop" } } as const;
  const episode: Episode = {
    ...{ kind: "reflected", item, attempt: turn("(25 + 7) * 8", false) },
    reflection: { ...reflection, retry: turn("25 + 7 - 8", true) },
  };
  const outcomes = { first: false, after: true };
  store.record("evaluate").add({ part: "episodes", problem: 0, sample: 0, episode, outcomes, seconds: 1 });
  store.end("finished");
  store.close();
}

/** One answer of so many characters, half of it in lines, half without a break. */
export function longRun(cwd: string, name: string, characters: number): void {
  const store = begin(cwd, name, "even", 1);
  const lines = "so many words that a line is broken where it ends. ".repeat(3);
  const text = `${lines}\n`.repeat(characters / lines.length / 2).padEnd(characters, "x");
  const attempt: Attempt = { prompt: [], completion: { text, finish: "length" }, verdict: pass() };
  const episode: Episode = { kind: "solved", item: 1, attempt };
  const outcomes = { first: true, after: true };
  store.record("evaluate").add({ part: "episodes", problem: 0, sample: 0, episode, outcomes, seconds: 1 });
  store.end("finished");
  store.close();
}

/** One that goes on until it is closed. */
export function begin(cwd: string, name: string, task: string, problems: number): RunStore {
  const folder = join(cwd, "runs", name);
  mkdirSync(folder, { recursive: true });
  const header = runHeader(task, { kind: "evaluate", problems });
  return createRunStore(folder, { ...header, identity: { task: { name: task, problems } } });
}

/** A run that trains: before, failures, steps with groups of four, after. */
export function trainingRun(cwd: string, name: string, texts: readonly string[], steps: number): void {
  const folder = join(cwd, "runs", name);
  mkdirSync(folder, { recursive: true });
  const plan = { kind: "train", problems: texts.length, train: { steps, groupSize: 4 } } as const;
  const store = createRunStore(folder, runHeader("countdown", plan));
  store.begin("before");
  evaluate(store, "before", texts);
  const failed = episodeOf(0, texts[0] ?? "", "lost");
  if (failed.kind !== "reflected") throw new Error("a lost episode is a reflected one");
  const failure = { kind: "failed", item: failed.item, attempt: failed.attempt } as const;
  store.addMined(
    {
      ...{ items: 1, mastered: 0, failures: 1, errored: 0, attempts: 1, sampledTokens: 12, duplicates: 0 },
      ...{ item: failed.item, failure },
    },
    failed.reflection.prompt,
  );
  store.endMining();
  for (let step = 1; step <= steps; step++) store.addStep(stepOf(step, steps, texts, failure));
  store.begin("after");
  evaluate(store, "after", texts, 1);
  store.end("finished");
  store.close();
}

function stepOf(
  step: number,
  steps: number,
  texts: readonly string[],
  failure: StepReport["groups"][number]["failure"],
): StepReport {
  const text = texts[step % texts.length] ?? "";
  const kinds = ["saved", "lost", "saved", "lost"] as const;
  return {
    ...{ step, steps, passRate: 0.5, kept: 1, dropped: 0, refilled: 0, errored: 0 },
    ...{ sampledTokens: 96, reflectionTokens: 10 + step, truncated: 0.5 },
    update: {
      ...{ loss: 0.1, kl: 0.01 * step, entropyEstimate: 0.4, clipped: 0, tokens: 48 },
      ...{ gradNorm: 1 / step, learningRate: 0.001 },
    } as StepReport["update"],
    groups: [
      {
        failure,
        episodes_G: kinds.map((kind) => episodeOf(step, text, kind)),
        rewards_G: [1, 0, 1, 0],
        advantages_G: [0.87, -0.87, 0.87, -0.87],
      },
    ],
    seconds: { sampling: 0.5, update: 0.1 },
  };
}
