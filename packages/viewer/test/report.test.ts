/** A report as somebody gets it: a file, opened from a disk, in a browser that nobody serves anything to. */
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createReport, type ReportSettings } from "@rrr/server/report";
import { readAssets } from "@rrr/server/view";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browserPath, go, launch, troubleFor, watchedPage } from "./browser.ts";
import { payloads } from "./payloads.ts";
import { evaluationRun, trainingRun } from "./sample-runs.ts";
import { sayOfItself } from "./strangers.ts";

const assets = readAssets(new URL("../dist/app/", import.meta.url).pathname);
const TEXTS = Array.from({ length: 24 }, (_, i) => `word${i} <b>bold</b> &amp;`);
const LONG = `${"so it goes on ".repeat(400)}end`;
const WHOLE: ReportSettings = {
  ...{ assets, episodes: 1_000, maxBytes: 50_000_000, prompts: true, version: "0.1.0" },
};

/** What a text may have done, the scripts that there are, and what loads or sends something. */
const SCRIPTS = `[
  globalThis.pwned,
  document.querySelectorAll("script").length,
  document.querySelectorAll("iframe, object, embed, form, link[rel=stylesheet], base").length,
]`;

describe.skipIf(browserPath === undefined)("a report", { timeout: 170_000 }, () => {
  let browser: Browser;
  let cwd: string;
  const trouble: string[] = [];
  const beacon = createServer((request, response) => {
    trouble.push(`asked: ${request.url}`);
    response.end();
  });
  let texts: readonly string[] = [];

  beforeAll(async () => {
    browser = await launch();
    cwd = mkdtempSync(join(tmpdir(), "rrr-report-"));
    beacon.listen(0, "127.0.0.1");
    await once(beacon, "listening");
    texts = payloads(`http://127.0.0.1:${(beacon.address() as AddressInfo).port}`);
    trainingRun(cwd, "trained", TEXTS, 8);
    evaluationRun(cwd, "one", TEXTS);
    evaluationRun(cwd, "two", TEXTS, { shift: 1 });
    evaluationRun(cwd, "long", [LONG, LONG, LONG, LONG]);
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    beacon.close();
    rmSync(cwd, { recursive: true, force: true });
  });

  function write(runs: readonly string[], settings: Partial<ReportSettings> = {}): string {
    const folders = runs.map((name) => join(cwd, "runs", name));
    const file = join(cwd, "report.html");
    writeFileSync(file, createReport(folders, { ...WHOLE, ...settings }).html);
    return pathToFileURL(file).href;
  }

  /** Opens the report of runs. */
  async function open(
    runs: readonly string[],
    settings: Partial<ReportSettings> = {},
    options: BrowserContextOptions = {},
  ): Promise<Page> {
    const url = write(runs, settings);
    const page = await watchedPage(browser, options, trouble, (asked) => asked === url);
    await page.goto(url);
    return page;
  }

  test("a run: table, curves, episodes by filter, search and keys, before against after", async () => {
    const page = await open(["trained"]);
    await page.getByRole("heading", { level: 1, name: "trained" }).waitFor();
    await page.locator(".curves svg").first().waitFor();
    expect(await page.locator(".curves svg").count()).toBeGreaterThanOrEqual(8);
    expect(await page.getByRole("link", { name: /^Try/ }).count()).toBe(0);
    await page.getByText("81 of 81 episodes").waitFor();
    await page.getByRole("link", { name: "Episodes" }).click();
    await page.getByLabel("Stage").selectOption("train");
    await page.getByText("32 episodes").waitFor();
    await page.getByLabel("Path").selectOption("fail-pass");
    await page.getByText("16 episodes").waitFor();
    await page.getByLabel("Order").selectOption("-advantage");
    await page.getByLabel("Path").selectOption("");
    await page.getByText("32 episodes").waitFor();
    expect(await page.locator(".row-figures span").first().textContent()).toBe("−0.87");
    await page.getByLabel("Stage").selectOption("");
    await page.getByLabel("Order").selectOption("");
    await page.getByLabel(/^Search/).fill("word7");
    await page.getByText(/^[67] episodes/).waitFor();
    await page.keyboard.press("Escape");
    for (const key of ["j", "j", "Enter"]) await page.keyboard.press(key);
    await page
      .getByRole("heading", { level: 1 })
      .getByText("problem")
      .or(page.getByText("group"))
      .first()
      .waitFor();
    const second = new URL(page.url()).hash;
    /** Once it is there, the next key is for it. */
    const shown = async (isSecond: boolean): Promise<void> => {
      await page.waitForURL((url) => (url.hash === second) === isSecond);
      const [, number = ""] = /episode\/(\d+)/.exec(new URL(page.url()).hash) ?? [];
      await page.locator(`dd:text-is("${number}")`).first().waitFor();
    };
    await shown(true);
    await page.keyboard.press("k");
    await shown(false);
    await page.keyboard.press("j");
    await shown(true);
    await go(page, "#/run/1/episodes?stage=train&path=fail-pass");
    await page.locator(".row a").first().click();
    await page.getByRole("heading", { name: "The group of 4 reflections" }).waitFor();
    await page.getByRole("link", { name: "the collected failure" }).click();
    await page.getByRole("heading", { level: 1, name: "collecting failures" }).waitFor();
    await page.getByRole("link", { name: "trained" }).click();
    await page.getByRole("link", { name: "Before and after training, by problem" }).click();
    await page.getByText("Two evaluations, 24 problems, paired").waitFor();
    await page.keyboard.press("j");
    await page.locator(".transcript").nth(1).waitFor();
    await page.context().close();
    expect(trouble).toEqual([]);
  });

  test("what it has of how much is said, and what it has not", async () => {
    const page = await open(["trained"], { episodes: 10, prompts: false });
    await page.getByText("10 of 81 episodes").waitFor();
    await page.getByText("Problems, prompts and what the checker said of answers are left out").waitFor();
    await go(page, "#/run/1/episodes");
    await page.getByText("how many there are of a kind says nothing of the run").waitFor();
    await page.locator(".row a").first().click();
    await page.locator(".turns").waitFor();
    expect(await page.locator(".message, .problem, .check").count()).toBe(0);
    await go(page, "#/run/1/episode/9999");
    await page.getByText("This is not in the report").waitFor();
    await page.context().close();
    const long = await open(["long"]);
    await go(long, "#/run/1/episode/1");
    await long
      .getByText(/The first 4,000 of 5,\d\d\d characters; the rest is not in this report/)
      .locator("visible=true")
      .first()
      .waitFor();
    await long.context().close();
    expect(trouble).toEqual([]);
  });

  test("two runs: what flipped, with both transcripts, and each run", async () => {
    const page = await open(["one", "two"]);
    await page.getByText("Two evaluations, 24 problems, paired").waitFor();
    await page.getByText("6 problems").first().waitFor();
    await page.keyboard.press("j");
    await page.locator(".transcript").nth(1).waitFor();
    await page.getByRole("link", { name: "Open" }).first().click();
    // The comparison, which shows two, must be gone.
    await page.locator(".transcript").first().waitFor({ state: "detached" });
    await page.locator(".turns").waitFor();
    await page.locator(".brand").click();
    await page.getByRole("link", { name: "two", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "two" }).waitFor();
    await page.context().close();
    const few = await open(["one", "two"], { episodes: 4 });
    await few.getByText(/more flipped, by one measure or the other, and are not listed here/).waitFor();
    await few.context().close();
    expect(trouble).toEqual([]);
  });

  test("where no script runs, the table is there", async () => {
    const page = await open(["trained"], {}, { javaScriptEnabled: false });
    const plain = page.locator("noscript pre");
    await plain.waitFor();
    expect(await plain.textContent()).toContain("after reflection");
    await page.context().close();
  });

  test.each([
    ["light", 1280],
    ["dark", 390],
  ] as const)(
    "axe finds nothing serious in %s at %i pixels, and nothing is wider than the window",
    async (colorScheme, width) => {
      const look = { colorScheme, viewport: { width, height: 844 } };
      const pages = [
        [["trained"], "#/"],
        [["trained"], "#/run/1/episodes"],
        [["trained"], "#/run/1/episode/40"],
        [["one", "two"], "#/compare?a=1&b=2&flip=0"],
        [["one", "two"], "#/nothing"],
      ] as const;
      for (const [runs, route] of pages) {
        const page = await open(runs, { episodes: 60, prompts: route.includes("flip") }, look);
        await go(page, route);
        await page.locator("main h1, main h2").first().waitFor();
        await page.waitForTimeout(200);
        expect([route, await troubleFor(page)]).toEqual([route, { serious: [], over: 0 }]);
        await page.context().close();
      }
    },
  );

  test("200 texts of a stranger in every place: none runs, none asks anybody", async () => {
    expect(texts).toHaveLength(200);
    evaluationRun(cwd, "evaluated", texts);
    evaluationRun(cwd, "again", texts, { shift: 1 });
    const page = await open(["evaluated", "again"]);
    await page.getByText("200 problems, paired").waitFor();
    await go(page, "#/compare?a=1&b=2&flip=0");
    await page.locator(".transcript .text").first().waitFor();
    await go(page, "#/run/1/episodes");
    await page.locator(".row a").first().waitFor();
    let seen = 0;
    for (let episode = 1; episode <= texts.length; episode++) {
      await go(page, `#/run/1/episode/${episode}`);
      await page.locator(`dd:text-is("${episode}")`).first().waitFor();
      await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true");
      seen += await page.locator(".text, .failure").count();
    }
    expect(seen).toBeGreaterThan(texts.length * 3);
    expect(await page.evaluate(SCRIPTS)).toEqual([undefined, 2, 0]);
    await page.context().close();
    expect(trouble).toEqual([]);
  });

  test("a stranger's task, model, error, version, settings and folder are texts too", async () => {
    evaluationRun(cwd, "first", ["x", "y"]);
    const page = await open(["first"]);
    for (const [i, text] of texts.slice(0, 40).entries()) {
      const name = `named ${i} ${text.replaceAll(/[/\0]/g, "|").slice(0, 60)}`;
      evaluationRun(cwd, name, ["x", "y"], { status: "stopped" });
      sayOfItself(join(cwd, "runs", name), text);
      write([name]);
      await page.reload();
      await page.locator(".facts").waitFor();
      await page.getByRole("button", { name: /^All \d+ settings/ }).click();
      expect([i, await page.evaluate(SCRIPTS)]).toEqual([i, [undefined, 2, 0]]);
    }
    await page.context().close();
    expect(trouble).toEqual([]);
  });
});
