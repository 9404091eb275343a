/** The API documentation as `pnpm docs:api` makes it: nothing undocumented, nothing unexported, no dead link. */
import { main, passSignalsOn, run, ScriptError, tool } from "../lib/process.mjs";
import { setup } from "../setup.mjs";

await main(async () => {
  await setup();
  passSignalsOn();
  const code = await run(process.execPath, [tool("typedoc/bin/typedoc"), "--emit", "none"]);
  if (code !== 0) throw new ScriptError("the API documentation has warnings.");
});
