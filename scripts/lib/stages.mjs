/** A long check as named stages: a line for each while it goes, and a table at the end. */
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { run, ScriptError } from "./process.mjs";

/**
 * What the stages' commands print is kept in `folder`, and shown only for a stage that fails.
 * @returns `stage(name, body)`, which resolves to whether the body succeeded and gives it `exec(command, args,
 * options)`, which throws where the command fails; and `summary()`, which throws if a stage failed
 */
export function createStages(folder) {
  const results = [];
  mkdirSync(folder, { recursive: true });

  async function stage(name, body) {
    const path = join(folder, `${results.length}.log`);
    const log = openSync(path, "a");
    const started = Date.now();
    console.log(`-- ${name} …`);
    const error = await body(execInto(log)).then(
      () => undefined,
      (cause) => cause,
    );
    closeSync(log);
    const seconds = Math.round((Date.now() - started) / 1000);
    results.push({ name, seconds, passed: error === undefined });
    if (error === undefined) {
      console.log(`-- ${name}: passed in ${seconds} s`);
      return true;
    }
    const reason = error instanceof ScriptError ? error.message : error.stack;
    console.error(`${readFileSync(path, "utf8")}\n-- ${name}: failed after ${seconds} s: ${reason}`);
    return false;
  }

  function summary() {
    const width = Math.max(...results.map(({ name }) => name.length));
    const rows = results.map(
      ({ name, seconds, passed }) =>
        `${name.padEnd(width)}  ${passed ? "passed" : "FAILED"}  ${String(seconds).padStart(4)} s`,
    );
    console.log(`\n${rows.join("\n")}`);
    const failed = results.filter(({ passed }) => !passed).map(({ name }) => name);
    if (failed.length > 0) throw new ScriptError(`failed: ${failed.join(", ")}`);
  }

  return { stage, summary };
}

function execInto(log) {
  return async (command, args, options = {}) => {
    const code = await run(command, args, { ...options, stdio: ["ignore", log, log] });
    if (code !== 0) throw new ScriptError(`${[command, ...args].join(" ")} ended with exit code ${code}.`);
  };
}
