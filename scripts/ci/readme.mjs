/**
 * The README's commands, as they stand there, in a fresh clone. Long ones are shortened by options only:
 * `npm start` is a run of minutes, `npm test` has just passed.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { main, passSignalsOn, root, run, ScriptError } from "../lib/process.mjs";
import { createSandbox } from "../lib/sandbox.mjs";

const QUICK = "--steps 2 --limit 40";

await main(async () => {
  passSignalsOn();
  const clone = join(createSandbox("readme"), "rrr");
  await must("git", ["clone", "--quiet", "--no-hardlinks", root, clone], root);
  for (const command of commandsOf(readFileSync(join(clone, "README.md"), "utf8"))) {
    const shortened = shorten(command);
    if (shortened === undefined) {
      console.log(`-- skipped: ${command}`);
      continue;
    }
    console.log(`\n-- ${shortened}`);
    await must("bash", ["-euo", "pipefail", "-c", shortened], clone);
  }
  const started = performance.now();
  await must(process.execPath, ["scripts/setup.mjs"], clone);
  const seconds = (performance.now() - started) / 1000;
  if (seconds > 2) throw new ScriptError(`a second set-up took ${seconds.toFixed(1)} s; 2 s are allowed.`);
});

/** The lines of the fenced `sh` blocks, without comments, continued lines joined. */
function commandsOf(markdown) {
  const blocks = [...markdown.matchAll(/^```sh\n(.*?)^```/gms)].map(([, block]) => block);
  return blocks
    .join("")
    .replace(/\\\n\s*/g, "")
    .split("\n")
    .map((line) => line.replace(/\s+# .*$/, "").trim())
    .filter((line) => line !== "");
}

function shorten(command) {
  // Files of the reader's own.
  if (command === "npm test" || command.includes("./my-")) return undefined;
  if (/^npm start$/.test(command)) return `${command} -- ${QUICK}`;
  if (/^(npm start -- |npx rrr run )/.test(command)) return `${command} ${QUICK}`;
  return command;
}

async function must(command, args, cwd) {
  const code = await run(command, args, { cwd });
  if (code !== 0) throw new ScriptError(`${[command, ...args].join(" ")} ended with exit code ${code}.`);
}
