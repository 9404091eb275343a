/** `npm start`: set-up if needed, then `rrr run` with the arguments after `--`. */
import { main } from "./lib/process.mjs";
import { setup } from "./setup.mjs";

await main(setup);
if (!process.exitCode) {
  // In this very process: signals and the exit code need no passing on.
  process.argv.splice(2, 0, "run");
  await import("../packages/cli/bin/rrr.js");
}
