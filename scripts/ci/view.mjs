/**
 * The page of `rrr view` in a real Chromium: the system's, or Debian's where it has none. Where neither can be had, as behind
 * a proxy without Debian's packages, it says that nothing was run.
 */
import { existsSync } from "node:fs";
import { main, passSignalsOn, run, ScriptError, tool } from "../lib/process.mjs";
import { setup } from "../setup.mjs";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

await main(async () => {
  await setup();
  passSignalsOn();
  const browser = process.env.RRR_BROWSER ?? (await systemBrowser());
  if (browser === undefined) {
    console.error(
      "NOT RUN: there is no Chromium, and none can be installed. RRR_BROWSER=/path/to/chromium names one.",
    );
    return;
  }
  const env = { RRR_BROWSER: browser };
  const code = await run(process.execPath, [tool("vitest/vitest.mjs"), "run", "packages/viewer"], { env });
  if (code !== 0) throw new ScriptError(`the tests of the page ended with exit code ${code}.`);
});

async function systemBrowser() {
  const found = PLACES.find((path) => existsSync(path));
  if (found !== undefined) return found;
  const sudo = process.getuid?.() === 0 ? [] : ["sudo", "-n"];
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  for (const args of [
    ["apt-get", "update"],
    ["apt-get", "install", "-y", "--no-install-recommends", "chromium"],
  ]) {
    const [command, ...rest] = [...sudo, ...args];
    const code = await run(command, rest, { env }).catch(() => undefined);
    if (code !== 0) return undefined;
  }
  return PLACES.find((path) => existsSync(path));
}
