/** Small projects on disk for tests: a task that needs nothing installed, in the forms that plugins come in. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

/** Source of an object that is a task: say an even number; `wait` never answers; `throw` throws. */
export const EVEN_TASK = `({
  spec: "rrr/task@1",
  name: "even",
  schema: { "~standard": { version: 1, vendor: "test", validate: (value) =>
    typeof value?.least === "number" ? { value } : { issues: [{ message: "must be a number", path: ["least"] }] } } },
  *items(split, seed) { for (let least = split === "test" ? 1 : 0; ; least += 2) yield { least: least + 2 * seed }; },
  prompt: ({ least }) => [{ role: "user", content: "An even number of at least " + least + "?" }],
  reflect: () => "That was wrong. Why?",
  limits: { attempt: 8, reflection: 8 },
  verify({ least }, completion) {
    if (completion === "throw") throw new Error("verifier bug");
    if (!/^\\d+$/.test(completion)) return { kind: "fail", code: "no-number", detail: completion };
    return Number(completion) % 2 === 0 && Number(completion) >= least ? { kind: "pass" } : { kind: "fail", code: "wrong" };
  },
})`;

/** Writes files into a new folder that goes away after the test. @returns the folder */
export function project(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "rrr-cli-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** The files of an installed package. */
export function installed(
  name: string,
  source: string,
  manifest: object = { type: "module", exports: { import: "./index.js" } },
): Record<string, string> {
  return {
    [`node_modules/${name}/package.json`]: JSON.stringify({ name, version: "1.0.0", ...manifest }),
    [`node_modules/${name}/index.js`]: source,
  };
}
