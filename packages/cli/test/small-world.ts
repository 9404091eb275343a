/** A project with a task that half of all answers pass, and a model of a few thousand weights: a run takes seconds. */
import { join } from "node:path";
import { writeModelDir } from "@rrr/trainer";
import { microModel } from "@rrr/trainer/testing";
import { project } from "../../plugins/test/plugin-files.ts";

const CHANCE_TASK = `
let checked = 0;
export default ({ preset }) => ({
  spec: "rrr/task@1",
  name: "chance",
  schema: { "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) } },
  *items(split) { for (let n = split === "test" ? 1 : 0; ; n += 2) yield { n }; },
  prompt: ({ n }) => [{ role: "user", content: "say " + n }],
  reflect: () => "why?",
  limits: { attempt: 4, reflection: 6 },
  verify(_, completion) {
    if (preset === "faulty" && checked++ % 5 === 0) throw new Error("verifier bug");
    return (completion.codePointAt(0) ?? 0) % 2 === 0 ? { kind: "pass" } : { kind: "fail", code: "odd" };
  },
});`;

/** @returns the project's folder, with `chance.mjs` and `model/` in it */
export async function smallWorld(): Promise<string> {
  const folder = project({ "chance.mjs": CHANCE_TASK });
  await writeModelDir(join(folder, "model"), microModel(), "F32");
  return folder;
}
