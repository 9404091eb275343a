/**
 * Runs every numbered example, and holds the guides to the files that they show: `pnpm start` here. Exit code 1 if
 * one fails.
 */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const docs = new URL("../docs/", import.meta.url);
const failed: string[] = [];

for (const name of readdirSync(here).filter((file) => /^\d\d-.*\.ts$/.test(file))) {
  const started = Date.now();
  console.log(`\n== ${name}`);
  const { status } = spawnSync(process.execPath, ["--import", "tsx", name], { cwd: here, stdio: "inherit" });
  console.log(
    `== ${name}: ${status === 0 ? "passed" : "failed"} in ${Math.round((Date.now() - started) / 1000)} s`,
  );
  if (status !== 0) failed.push(name);
}

for (const guide of readdirSync(docs).filter((file) => file.endsWith(".md"))) {
  for (const [example, shown] of examplesIn(readFileSync(new URL(guide, docs), "utf8"))) {
    if (shown !== readFileSync(new URL(example, docs), "utf8"))
      failed.push(`docs/${guide} shows another ${example}`);
  }
}

/** The block of code below a paragraph that links to an example is that example, to the letter. */
function examplesIn(page: string): [example: string, shown: string][] {
  return [...page.matchAll(/^((?:[^\n]+\n)+)\n```ts[^\n]*\n(.*?)^```/gms)].flatMap(
    ([, paragraph = "", shown = ""]) => {
      const example = /\]\((\.\.\/examples\/[^)]+\.ts)\)/.exec(paragraph)?.[1];
      return example === undefined ? [] : [[example, shown]];
    },
  );
}

if (failed.length > 0) {
  console.error(`\nfailed: ${failed.join(", ")}`);
  process.exitCode = 1;
}
