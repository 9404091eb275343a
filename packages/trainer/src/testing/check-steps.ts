import type { Datum, Loss } from "../engine.ts";
import { claimedLosses } from "./sample-data.ts";
import type { Report, Subject } from "./test-engine.ts";

/** A step on a positive advantage makes that token likelier, on a negative one less likely. */
export async function checkSteps(
  { engine, prompts, dir, learningRate }: Subject,
  report: Report,
): Promise<void> {
  const start = await engine.saveState(`${dir}/start`);
  const policies = claimedLosses(engine).filter((loss) => loss.kind === "policy-gradient");
  if (policies.length === 0) return;
  for (const [i, prompt] of prompts.entries()) {
    const token = (3 * i + 1) % engine.tokenizer.vocabSize;
    const bare: Datum = { prompt, targets: Int32Array.of(token), weights: Float32Array.of(1) };
    const [before] = (await engine.forward([bare])) as [Float32Array];
    for (const sign of [1, -1]) {
      const datum: Datum = {
        ...bare,
        weights: Float32Array.of(sign),
        logprobs: before,
        reference: before,
      };
      await engine.forwardBackward([datum], policies[i % policies.length] as Loss);
      await engine.optimStep({ learningRate });
      const [after] = (await engine.forward([bare])) as [Float32Array];
      const change = (after[0] as number) - (before[0] as number);
      if (!(change * sign > 0)) {
        report("wrong-step", `advantage ${sign} changed log π by ${change} after prompt ${i}`);
      }
      await engine.loadState(start);
    }
  }
}
