/** Every example, from source. */
import { main, passSignalsOn, run } from "../lib/process.mjs";
import { setup } from "../setup.mjs";

await main(async () => {
  await setup();
  passSignalsOn();
  return run(process.execPath, ["--import", "tsx", "examples/run-all.ts"]);
});
