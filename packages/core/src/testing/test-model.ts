import { messageOf } from "../errors.ts";
import type { Message } from "../message.ts";
import type { Completion, GenerateOptions, Model } from "../model.ts";
import { type Finding, throwFindings } from "./finding.ts";

export type ModelFindingCode =
  /** A plain request was rejected. */
  | "broken"
  /** Another number of completions than asked for. */
  | "wrong-count"
  /** `finish` or `text` is missing, or there are more tokens than `maxTokens`. */
  | "malformed-completion"
  /** Token ids and log-probabilities do not match, or one of the latter is positive or not finite. */
  | "bad-tokens"
  /** The same request gave other text. */
  | "not-reproducible"
  /** A request's answer depends on what else is asked at the same time. */
  | "depends-on-batch"
  /** An aborted request was answered all the same. */
  | "ignores-abort";

/** The conformance suite of `Model`. @returns what is wrong, at most one finding per code. */
export async function testModel(model: Model): Promise<readonly Finding<ModelFindingCode>[]> {
  const findings = new Map<ModelFindingCode, Finding<ModelFindingCode>>();
  const report: Report = (code, message) => {
    if (!findings.has(code)) findings.set(code, { code, message });
  };
  try {
    await checkAnswers(model, report);
    await checkAbort(model, report);
  } catch (thrown) {
    report("broken", messageOf(thrown));
  }
  return [...findings.values()];
}

/** `testModel` as one error. @throws RrrError `bad-model` */
export async function assertModelConforms(model: Model): Promise<void> {
  throwFindings(`model "${model.id}"`, "bad-model", await testModel(model));
}

type Report = (code: ModelFindingCode, message: string) => void;

async function checkAnswers(model: Model, report: Report): Promise<void> {
  for (const temperature of [0, 1]) {
    const options = { n: 3, maxTokens: 12, temperature, seed: 7 };
    const alone = await model.generate(prompt("What is 2 + 2?"), options);
    if (alone.length !== options.n) report("wrong-count", `${alone.length} completions for n = ${options.n}`);
    for (const completion of alone) checkCompletion(completion, options, report);
    const again = await model.generate(prompt("What is 2 + 2?"), options);
    if (!sameText(alone, again)) report("not-reproducible", `temperature ${temperature}: another answer`);
    const crowd = Array.from({ length: 5 }, (_, i) =>
      model.generate(prompt("Say something else."), { ...options, seed: i }),
    );
    const amid = await model.generate(prompt("What is 2 + 2?"), options);
    await Promise.all(crowd);
    if (!sameText(alone, amid)) report("depends-on-batch", `temperature ${temperature}: another answer`);
  }
}

function checkCompletion(completion: Completion, options: GenerateOptions, report: Report): void {
  const { text, finish, tokens } = completion;
  if (typeof text !== "string" || (finish !== "stop" && finish !== "length")) {
    report("malformed-completion", `text ${typeof text}, finish ${String(finish)}`);
  }
  if (tokens === undefined) return;
  if (tokens.ids.length > options.maxTokens) {
    report("malformed-completion", `${tokens.ids.length} tokens where ${options.maxTokens} were allowed`);
  }
  const sound = tokens.logprobs.every((logprob) => Number.isFinite(logprob) && logprob <= 1e-6);
  if (tokens.ids.length !== tokens.logprobs.length || !sound || tokens.prompt.length === 0) {
    report("bad-tokens", `${tokens.ids.length} ids, log-probabilities ${tokens.logprobs.join(", ")}`);
  }
}

async function checkAbort(model: Model, report: Report): Promise<void> {
  const signal = AbortSignal.abort();
  const options = { maxTokens: 12, temperature: 1, seed: 1, signal };
  const answered = await model.generate(prompt("What is 2 + 2?"), options).then(
    () => true,
    () => false,
  );
  if (answered) report("ignores-abort", "a request with an aborted signal was answered");
}

function prompt(content: string): readonly Message[] {
  return [{ role: "user", content }];
}

function sameText(a: readonly Completion[], b: readonly Completion[]): boolean {
  return a.length === b.length && a.every((completion, i) => completion.text === b[i]?.text);
}
