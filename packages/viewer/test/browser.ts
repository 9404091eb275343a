/** The built page in a real Chromium, over a server of its own. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { builtinModelDir } from "@rrr/builtin-model";
import { listen } from "@rrr/server";
import { createRunLibrary, createViewHandler, readAssets, type Trial } from "@rrr/server/view";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** The machine's own Chromium; undefined where there is none. RRR_BROWSER names another, and must be there. */
export const browserPath: string | undefined =
  process.env.RRR_BROWSER ?? PLACES.find((path) => existsSync(path));

const built = new URL("../dist/app/", import.meta.url).pathname;

export const TOKEN = "token-of-the-test";

export interface World {
  readonly cwd: string;
  readonly url: string;
  /** A page that has the token. */
  open(route?: string, options?: BrowserContextOptions): Promise<Page>;
  /** What went wrong in any page: errors, scripts that were kept from running, requests to anywhere else. */
  readonly trouble: readonly string[];
  /** Forgets what was meant to go wrong. */
  forgive(like: RegExp): void;
  close(): Promise<void>;
}

/** @param prepare writes runs below `runs/` of a folder */
export async function openWorld(
  browser: Browser,
  prepare: (cwd: string) => void,
  trial?: Trial,
): Promise<World> {
  const cwd = mkdtempSync(join(tmpdir(), "rrr-page-"));
  prepare(cwd);
  const { handle, close } = createViewHandler({
    runs: createRunLibrary([], cwd),
    assets: readAssets(built),
    token: TOKEN,
    indexes: join(cwd, "cache"),
    builtin: builtinModelDir,
    ...(trial === undefined ? {} : { trial }),
  });
  const server = await listen(handle);
  const trouble: string[] = [];
  return {
    cwd,
    url: server.url,
    trouble,
    forgive(like) {
      trouble.splice(0, trouble.length, ...trouble.filter((line) => !like.test(line)));
    },
    async open(route = "#/", options = {}) {
      const isOwn = (url: string): boolean => url.startsWith(`${server.url}/`);
      const page = await watchedPage(browser, options, trouble, isOwn);
      await page.goto(`${server.url}/#token=${TOKEN}`);
      await page.waitForSelector("main h1, main .empty");
      await go(page, route);
      return page;
    },
    async close() {
      close();
      await server.close();
      rmSync(cwd, { recursive: true, force: true });
    },
  };
}

export async function launch(): Promise<Browser> {
  // In containers Chromium has no user of its own to put a sandbox into.
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath: browserPath as string, args });
}

/** To another address of the page, as a link leads there. */
export async function go(page: Page, route: string): Promise<void> {
  await page.evaluate((hash) => {
    (globalThis as unknown as { location: { hash: string } }).location.hash = hash;
  }, route);
}

/** A page that notes what should not happen: errors, dialogs, windows, requests to anywhere else. */
export async function watchedPage(
  browser: Browser,
  options: BrowserContextOptions,
  trouble: string[],
  isOwn: (url: string) => boolean,
): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  page.on("pageerror", (error) => trouble.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => {
    trouble.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("console", (message) => {
    if (message.type() === "error") trouble.push(`console: ${message.text()}`);
  });
  page.on("request", (request) => {
    const url = request.url();
    if (!isOwn(url) && !url.startsWith("data:")) trouble.push(`request: ${url}`);
  });
  page.on("popup", () => trouble.push("a window was opened"));
  return page;
}

/** What axe finds serious in a page, and how many pixels it is wider than the window. */
export async function troubleFor(
  page: Page,
): Promise<{ readonly serious: readonly string[]; readonly over: number }> {
  // No script tag gets past the policy of the page: this comes by the debugger.
  await page.evaluate(axe);
  const { violations } = (await page.evaluate("axe.run()")) as {
    readonly violations: readonly { id: string; impact: string; nodes: readonly { html: string }[] }[];
  };
  const serious = violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  return {
    serious,
    over: (await page.evaluate("document.documentElement.scrollWidth - innerWidth")) as number,
  };
}
