/** `npm test`: set-up if needed, type check, lint, every test. Arguments go to vitest. */
import { main, passSignalsOn, run, ScriptError, tool } from "./lib/process.mjs";
import { setup } from "./setup.mjs";

const steps = [
  ["type check", "typescript/bin/tsc", ["-p", "tsconfig.json"]],
  ["type check of the page", "typescript/bin/tsc", ["-p", "packages/viewer/src/app"]],
  ["lint", "@biomejs/biome/bin/biome", ["check", "."]],
  ["tests", "vitest/vitest.mjs", ["run", ...process.argv.slice(2)]],
];

await main(async () => {
  await setup();
  passSignalsOn();
  for (const [title, script, args] of steps) {
    const started = Date.now();
    console.log(`\n== ${title}`);
    const code = await run(process.execPath, [tool(script), ...args]);
    if (code !== 0) throw new ScriptError(`${title} failed (exit code ${code}).`);
    console.log(`== ${title}: passed in ${Math.round((Date.now() - started) / 1000)} s`);
  }
});
