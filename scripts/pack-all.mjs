/** `pnpm pack:all [folder]`: the packages as tarballs, for `rrr init --packages`, as long as they are not on npm. */
import { resolve } from "node:path";
import { packAll } from "./lib/pack.mjs";
import { main, passSignalsOn } from "./lib/process.mjs";
import { setup } from "./setup.mjs";

await main(async () => {
  await setup();
  passSignalsOn();
  for (const path of await packAll(resolve(process.argv[2] ?? "tarballs"))) console.log(path);
});
