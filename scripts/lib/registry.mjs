/**
 * A registry on this machine: what `npm publish` sends there, every package manager installs by name. Verdaccio is
 * fetched when it is needed: nothing else here uses its 300 packages.
 */

import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

// The newest for Node 20.
const VERDACCIO = "6.8.0";

/**
 * Serves the scope @rrr and nothing else: the other packages come from where this machine has them from.
 * @param folder a new one
 * @param exec runs a command to its end, throws where it fails
 * @returns its address, `publish(tarball)`, and `close()`
 */
export async function startRegistry(folder, exec) {
  const server = await load(folder, exec);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const host = `127.0.0.1:${server.address().port}`;
  const url = `http://${host}/`;
  return {
    url,
    async publish(tarball) {
      // npm refuses to publish without a token; this registry asks for none.
      const env = { ...npmEnv(url), [`npm_config_//${host}/:_authToken`]: "none" };
      await exec("npm", ["publish", tarball], { env });
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Tells npm, and nothing else, where @rrr is. */
export function npmEnv(url) {
  return { "npm_config_@rrr:registry": url };
}

async function load(folder, exec) {
  mkdirSync(folder, { recursive: true });
  const manifest = join(folder, "package.json");
  // Its audit plugin asks for the tag node-fetch@cjs, which mirrors of npm do not have.
  writeFileSync(manifest, JSON.stringify({ private: true, overrides: { "node-fetch": "2.7.0" } }));
  await exec("npm", ["install", "--no-audit", "--no-fund", `verdaccio@${VERDACCIO}`], { cwd: folder });
  const { runServer } = createRequire(manifest)("verdaccio");
  return runServer({
    self_path: join(folder, "config.yaml"),
    storage: join(folder, "storage"),
    uplinks: {},
    packages: { "@rrr/*": { access: "$all", publish: "$all" } },
    auth: { htpasswd: { file: join(folder, "htpasswd"), max_users: -1 } },
    log: { type: "stdout", format: "pretty", level: "error" },
  });
}
