import { fileURLToPath } from "node:url";
import { startChild } from "./child.ts";
import { freePort, type LocalServer, untilReady } from "./local-server.ts";

/** `rrr serve --tinker builtin`, as users install it: built, and a process of its own. */
export async function startRrrServe(checkpoints: string, options: readonly string[]): Promise<LocalServer> {
  const port = await freePort();
  const bin = fileURLToPath(new URL("../../packages/cli/bin/rrr.js", import.meta.url));
  const where = ["--port", String(port), "--checkpoints", checkpoints];
  const child = startChild(process.execPath, [bin, "serve", "--tinker", "builtin", ...where, ...options]);
  const baseURL = `http://127.0.0.1:${port}`;
  await untilReady(`${baseURL}/api/v1/healthz`, [child]);
  return { baseURL, close: child.end };
}
