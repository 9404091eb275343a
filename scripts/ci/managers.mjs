/** Published to a registry of this machine, rrr is installed and run with pnpm, Yarn 1 and Yarn 4 (npm: packed.mjs). */
import { join } from "node:path";
import { MANAGERS, tryManager } from "../lib/managers.mjs";
import { packAll } from "../lib/pack.mjs";
import { main, passSignalsOn } from "../lib/process.mjs";
import { startRegistry } from "../lib/registry.mjs";
import { createSandbox } from "../lib/sandbox.mjs";
import { createStages } from "../lib/stages.mjs";
import { setup } from "../setup.mjs";

await main(async () => {
  await setup();
  passSignalsOn();
  const sandbox = createSandbox("managers");
  const { stage, summary } = createStages(join(sandbox, "logs"));
  let registry;
  const published = await stage("publish", async (exec) => {
    registry = await startRegistry(join(sandbox, "registry"), exec);
    for (const tarball of await packAll(join(sandbox, "tarballs"))) await registry.publish(tarball);
  });
  for (const name of published ? Object.keys(MANAGERS) : []) {
    await stage(name, (exec) => tryManager(name, { folder: join(sandbox, name), url: registry.url, exec }));
  }
  registry?.close();
  summary();
});
