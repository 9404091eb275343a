/** `npm start`: set-up if needed, then `rrr run` with the arguments after `--`. */
import { main } from "./lib/process.mjs";
import { setup } from "./setup.mjs";

await main(setup);
if (!process.exitCode) {
  if (process.env.npm_lifecycle_event) endWithParent();
  // In this very process: signals and the exit code need no passing on.
  process.argv.splice(2, 0, "run");
  await import("../packages/cli/bin/rrr.js");
}

/** npm passes SIGTERM to the shell between us and it, which dies of it without telling us. */
function endWithParent() {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, "SIGTERM");
  }, 250).unref();
}
