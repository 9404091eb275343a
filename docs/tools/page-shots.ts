/**
 * Pictures of the page of `rrr view` for the README: a small run is made, and its page and one of its episodes are shot in
 * the machine's own Chromium (RRR_BROWSER names another).
 *
 *     npx tsx docs/tools/page-shots.ts docs/img
 *     npx tsx docs/tools/page-shots.ts docs/img runs/my-run     # of a run that is there
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Task } from "@rrr/core";
import { listen } from "@rrr/server";
import {
  createRunLibrary,
  createTrial,
  createViewHandler,
  type EpisodesAnswer,
  readAssets,
} from "@rrr/server/view";
import countdown from "@rrr/task-countdown";
import { launch } from "../../packages/viewer/test/browser.ts";

/** CSS pixels; one of the picture for each. */
const WIDTH = 1280;
/** As it is built. */
const PAGE = fileURLToPath(new URL("../../packages/viewer/dist/app/", import.meta.url));
const TOKEN = "of-the-pictures";
const MOST_BYTES = 200_000;

/** Where the picture ends: below the first row of curves, or the retry. The folder is of this machine alone. */
const END = `(() => {
  for (const dt of document.querySelectorAll(".facts dt")) if (dt.textContent === "folder") dt.parentElement.remove();
  const last = document.querySelector(".curves > *, .role-retry");
  return Math.ceil(last.getBoundingClientRect().bottom + scrollY) + 4;
})()`;

const [out, given] = process.argv.slice(2);
if (out === undefined) throw new Error("Say where to: docs/tools/page-shots.ts FOLDER [RUN]");

const scratch = mkdtempSync(join(tmpdir(), "rrr-shots-"));
try {
  await shoot(given === undefined ? smallRun() : resolve(given), out);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** @returns its folder */
function smallRun(): string {
  const bin = fileURLToPath(new URL("../../packages/cli/bin/rrr.js", import.meta.url));
  const args = [bin, "run", "countdown", "--steps", "16", "--limit", "100"];
  execFileSync(process.execPath, args, { cwd: scratch, stdio: ["ignore", "inherit", "inherit"] });
  const [name = ""] = readdirSync(join(scratch, "runs"));
  return join(scratch, "runs", name);
}

async function shoot(run: string, to: string): Promise<void> {
  const runs = createRunLibrary([run], scratch);
  const { handle, close } = createViewHandler({
    runs,
    assets: readAssets(PAGE),
    token: TOKEN,
    indexes: join(scratch, "indexes"),
    trial: createTrial({ task: countdown() as Task }),
  });
  const server = await listen(handle);
  const browser = await launch();
  const [line] = runs.list().runs;
  const address = `/api/runs/${line?.id}`;
  const saved = `${server.url}${address}/episodes?stage=after&part=episodes&path=fail-pass`;
  const headers = { "x-rrr-token": TOKEN };
  let found: EpisodesAnswer;
  // Until its index is made.
  do found = (await (await fetch(saved, { headers })).json()) as EpisodesAnswer;
  while (!found.isComplete);
  const [episode] = found.entries;
  if (episode === undefined) throw new Error("no problem of this run was saved by a reflection");
  const page = await browser.newPage({
    colorScheme: "light",
    deviceScaleFactor: 1,
    locale: "en-GB",
    viewport: { width: WIDTH, height: 900 },
  });
  await page.goto(`${server.url}/#token=${TOKEN}`);
  await page.locator(".runs a").first().waitFor();
  for (const [name, route, ready] of [
    ["page-run.png", `#/run/${line?.id}`, ".curves svg"],
    ["page-episode.png", `#/run/${line?.id}/episode/${episode.id}`, ".by-task img"],
  ] as const) {
    await page.goto(`${server.url}/${route}`);
    await page.locator(ready).last().waitFor();
    await page.waitForLoadState("networkidle");
    const height = (await page.evaluate(END)) as number;
    const path = join(to, name);
    await page.screenshot({ path, fullPage: true, clip: { x: 0, y: 0, width: WIDTH, height } });
    const { size } = statSync(path);
    console.log(`${path}: ${WIDTH} × ${height}, ${Math.round(size / 1000)} kB`);
    if (size > MOST_BYTES) throw new Error(`${path} has ${size} bytes, at most ${MOST_BYTES}`);
  }
  await browser.close();
  close();
  await server.close();
}
