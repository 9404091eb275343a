/** Every page in a real browser, by mouse, by keys, by links, on a phone, for a screen reader, while a run goes on. */
import type { Model, Task } from "@rrr/core";
import { createTrial } from "@rrr/server/view";
import countdown from "@rrr/task-countdown";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browserPath, go, launch, openWorld, troubleFor, type World } from "./browser.ts";
import { begin, countdownRun, evaluate, evaluationRun, longRun, trainingRun } from "./sample-runs.ts";

const TEXTS = Array.from({ length: 24 }, (_, i) => `word${i} <b>bold</b> &amp;`);

if (browserPath === undefined) {
  console.warn("No Chromium: the tests of the page are skipped. `node scripts/ci/view.mjs` installs one.");
}

describe.skipIf(browserPath === undefined)("the page", { timeout: 120_000 }, () => {
  let browser: Browser;
  let world: World;

  beforeAll(async () => {
    browser = await launch();
    world = await openWorld(browser, (cwd) => {
      trainingRun(cwd, "trained", TEXTS, 8);
      evaluationRun(cwd, "one", TEXTS);
      evaluationRun(cwd, "two", TEXTS, { shift: 1 });
      evaluationRun(cwd, "early", TEXTS.slice(0, 5), { status: "stopped" });
    });
  }, 120_000);
  afterAll(async () => {
    expect(world.trouble).toEqual([]);
    await world.close();
    await browser.close();
  });

  const text = (page: Page, selector: string): Promise<string> =>
    page.locator(selector).first().textContent().then(String);
  const names = (page: Page): Promise<string[]> => page.locator(".runs tbody th a").allInnerTexts();
  const hash = (page: Page): string => new URL(page.url()).hash;

  /** By its name, the id of a run as links have it. */
  async function idOf(page: Page, name: string): Promise<string> {
    await go(page, "#/");
    const href = await page.getByRole("link", { name, exact: true }).getAttribute("href");
    return (href ?? "").replace("#/run/", "");
  }

  test("runs: find, sort, choose, compare, by links that keep all of it", async () => {
    const page = await world.open();
    await page.getByText("4 runs").waitFor();
    expect((await names(page)).sort()).toEqual(["early", "one", "trained", "two"]);
    await page.getByLabel("Find").fill("count");
    await page.getByText("1 of 4 runs").waitFor();
    expect(await names(page)).toEqual(["trained"]);
    await page.getByLabel("Find").fill("");
    await page.getByLabel("State").selectOption("stopped");
    await page.getByText("1 of 4 runs").waitFor();
    expect([await names(page), hash(page)]).toEqual([["early"], "#/?state=stopped"]);
    await page.reload();
    await page.getByText("1 of 4 runs").waitFor();
    await page.getByLabel("Find").fill("nothing like it");
    await page.getByText("No run matches").waitFor();
    await page.getByRole("button", { name: "Show all runs" }).click();
    await page.getByRole("button", { name: "Run", exact: true }).click();
    expect(await names(page)).toEqual(["two", "trained", "one", "early"]);
    await page.getByRole("button", { name: /^Run/ }).click();
    expect(await names(page)).toEqual(["early", "one", "trained", "two"]);
    await page.getByLabel("Choose one").check();
    await page.getByLabel("Choose two").check();
    await page.getByRole("link", { name: "Compare problem by problem" }).click();
    await page.getByText("Two evaluations, 24 problems, paired").waitFor();
    await page.context().close();
  });

  test("a run: its table, curves, settings and what it is laid over", async () => {
    const page = await world.open();
    const other = await idOf(page, "one");
    await go(page, `#/run/${await idOf(page, "trained")}`);
    await page.getByRole("heading", { name: "Training" }).waitFor();
    expect(await text(page, ".figures tbody th")).toBe("first try");
    await page.locator(".curves svg").first().waitFor();
    expect(await page.locator(".curves svg").count()).toBeGreaterThanOrEqual(8);
    expect(await page.locator(".settings tbody th").allInnerTexts()).toContain("training steps");
    await page.getByRole("button", { name: /^All \d+ settings/ }).click();
    expect(await page.locator(".settings tbody th").allInnerTexts()).toContain("training groupSize");
    await page.getByText("As a picture").click();
    await page.locator("details svg").first().waitFor();
    await go(page, `${hash(page)}?with=${other}`);
    await page.locator(".legend li").nth(1).waitFor();
    expect(await page.locator(".legend li").allInnerTexts()).toEqual(["trained", "one"]);
    await page.getByRole("link", { name: "Before and after training, by problem" }).click();
    await page.getByText("Two evaluations, 24 problems, paired").waitFor();
    await page.context().close();
  });

  test("episodes: every filter, the search and the order, in the address too", async () => {
    const page = await world.open();
    const id = await idOf(page, "trained");
    await go(page, `#/run/${id}/episodes`);
    // 24 before, 1 failure, 8 groups of 4, 24 after.
    await page.getByText("81 episodes").waitFor();
    await page.getByLabel("Stage").selectOption("train");
    await page.getByText("32 episodes").waitFor();
    await page.getByLabel("Step").fill("3");
    await page.getByText("4 episodes").waitFor();
    await page.getByLabel("Path").selectOption("fail-pass");
    await page.getByText("2 episodes").waitFor();
    await page.reload();
    await page.getByText("2 episodes").waitFor();
    expect(await page.getByLabel("Path").inputValue()).toBe("fail-pass");
    await go(page, `#/run/${id}/episodes`);
    await page.getByText("81 episodes").waitFor();
    await page.getByLabel(/^Reason/).selectOption("model-failed");
    await page.getByText("12 episodes").waitFor();
    await page.getByLabel(/^Reason/).selectOption("");
    await page.getByLabel("Cut off").selectOption("yes");
    await page.getByText("28 episodes").waitFor();
    await page.getByLabel("Cut off").selectOption("");
    await page.getByLabel("Order").selectOption("advantage");
    await page.getByText("32 episodes").waitFor();
    expect(await text(page, ".row-figures span")).toBe("+0.87");
    await page.getByLabel("Order").selectOption("");
    await page.getByLabel(/^Search/).fill("word7");
    await page.getByText(/^[67] episodes/).waitFor();
    await page.getByLabel(/^Search/).fill("nowhere to be found");
    await page.getByText("No episode matches").waitFor();
    await page.getByRole("button", { name: "Show all episodes" }).click();
    await page.getByText("81 episodes").waitFor();
    await page.context().close();
  });

  test("episodes by keys alone: search, move, open, go on and back", async () => {
    const page = await world.open();
    await go(page, `#/run/${await idOf(page, "one")}/episodes`);
    await page.getByText("24 episodes").waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("word1");
    // word1, and word10 to word19.
    await page.getByText("11 episodes").waitFor();
    await page.keyboard.press("Escape");
    for (const key of ["j", "j", "j", "k"]) await page.keyboard.press(key);
    expect(await page.evaluate("document.activeElement.dataset.at")).toBe("1");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "evaluation · problem 10" }).waitFor();
    await page.keyboard.press("j");
    await page.getByRole("heading", { level: 1, name: "evaluation · problem 11" }).waitFor();
    await page.keyboard.press("k");
    await page.getByRole("heading", { level: 1, name: "evaluation · problem 10" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByText("11 episodes").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("heading", { level: 1, name: "one" }).waitFor();
    await page.context().close();
  });

  test("an episode: the conversation, the group, the tokens, and what the run does not hold", async () => {
    const page = await world.open();
    await go(page, `#/run/${await idOf(page, "trained")}/episodes?stage=train&path=fail-pass`);
    await page.locator(".row a").first().click();
    await page.getByRole("heading", { name: "The group of 4 reflections" }).waitFor();
    expect(await page.locator(".turns .answer h3").allInnerTexts()).toEqual([
      "Attempt",
      "Reflection",
      "Retry",
    ]);
    // Markup in a text is text.
    expect(await text(page, ".message .text")).toContain("<b>bold</b> &amp;");
    expect(await page.locator("b").count()).toBe(0);
    // The attempt is not repeated before the reflection that was shown it, unless it is asked for.
    expect(await page.locator(".from-assistant").count()).toBe(0);
    await page.getByLabel("All that each turn was shown").check();
    expect(await page.locator(".from-assistant").count()).toBe(3);
    expect(await page.locator(".group > li").count()).toBe(4);
    expect(await page.locator(".group strong").allInnerTexts()).toEqual(["+0.87", "+0.87", "−0.87", "−0.87"]);
    await page.getByRole("button", { name: "by advantage" }).click();
    await page.locator(".token.up-4").first().waitFor();
    await page.getByRole("button", { name: "by probability" }).first().click();
    await page.locator(".token.rare-4").first().waitFor();
    await page.getByText("how they changed since cannot be shown").waitFor();
    await page.getByRole("link", { name: "the collected failure" }).click();
    await page.getByRole("heading", { level: 1, name: "collecting failures" }).waitFor();
    await page.context().close();
  });

  test("two runs: what flipped, with both transcripts, by keys", async () => {
    const page = await world.open();
    const [one, two] = [await idOf(page, "one"), await idOf(page, "two")];
    await go(page, `#/compare?a=${one}&b=${two}`);
    await page.getByText("6 problems").first().waitFor();
    await page.keyboard.press("j");
    await page.locator(".transcript").nth(1).waitFor();
    expect(hash(page)).toContain("flip=0");
    const badges = async (): Promise<string[]> =>
      page.locator(".transcript > .block-head .badge").allInnerTexts();
    const isFlip = (shown: readonly string[]): boolean => shown[0] !== shown[1];
    expect(isFlip(await badges())).toBe(true);
    // Quicker than the address follows.
    await page.evaluate(
      "for (const key of ['j', 'j', 'j', 'k']) dispatchEvent(new KeyboardEvent('keydown', { key }))",
    );
    await page.locator(".flips li:nth-child(3) [aria-pressed=true]").waitFor();
    await page.getByLabel("Passes only in").selectOption("A");
    await page.getByText("6 problems").waitFor();
    await page.getByLabel("Passes only in").selectOption("B");
    await page.getByText("No problem flipped").waitFor();
    await page.context().close();
  });

  test("a run that goes on is followed without a touch", async () => {
    const store = begin(world.cwd, "live", "even", 8);
    evaluate(store, "evaluate", TEXTS.slice(0, 2));
    store.begin("evaluate");
    await new Promise((written) => setTimeout(written, 600));
    const page = await world.open();
    await page.locator(".state-running").waitFor();
    const id = await idOf(page, "live");
    await go(page, `#/run/${id}`);
    await page.getByText("2 of 8 problems are done").waitFor();
    evaluate(store, "evaluate", TEXTS.slice(2, 6), 0, 2);
    await page.getByText("6 of 8 problems are done").waitFor();
    await go(page, `#/run/${id}/episodes`);
    await page.getByText("6 episodes").waitFor();
    evaluate(store, "evaluate", TEXTS.slice(6, 8), 0, 6);
    await page.getByText("8 episodes").waitFor();
    store.end("finished");
    store.close();
    await go(page, `#/run/${id}`);
    await page.locator(".state-finished").waitFor();
    await page.context().close();
  });

  test("try: an answer's verdict, and a model's episode as it comes", async () => {
    const page = await world.open("#/try");
    await page.getByText("There is nothing to try yet").waitFor();
    await page.context().close();
    const model: Model = {
      id: "a model",
      generate: async (_, { n = 1 }) =>
        Array.from({ length: n }, () => ({
          text: "<answer>1</answer><script>pwned=1</script>",
          finish: "stop",
        })),
    };
    const other = await openWorld(browser, () => {}, createTrial({ task: countdown() as Task, model }));
    const trying = await other.open("#/try");
    await trying.getByRole("heading", { name: "Try countdown" }).waitFor();
    const problem = trying.getByLabel("The problem, as JSON");
    await problem.fill('{"numbers": [25, 7, 8], "target": 24}');
    await trying.getByLabel("An answer").fill("<answer>25 + 7 - 8</answer>");
    await trying.getByRole("button", { name: "Check the answer" }).click();
    await trying.locator(".tried .verdict-pass").waitFor();
    await trying.getByLabel("An answer").fill("<answer>25</answer>");
    await trying.getByRole("button", { name: "Check the answer" }).click();
    await trying.getByText("It does not use the given numbers, each once").waitFor();
    await trying.getByRole("button", { name: "Ask a model" }).click();
    await trying.getByRole("heading", { name: "Retry" }).waitFor();
    expect(await trying.locator(".answer h3").allInnerTexts()).toEqual(["Attempt", "Reflection", "Retry"]);
    expect(await trying.evaluate("globalThis.pwned")).toBeUndefined();
    await problem.fill("{");
    await trying.getByRole("button", { name: "Check the answer" }).click();
    await trying.getByText("The problem is not JSON").waitFor();
    expect(other.trouble).toEqual([]);
    await trying.context().close();
    await other.close();
  });

  test("a task's own eyes: on its runs' episodes, and on what is tried", async () => {
    const seen = await openWorld(
      browser,
      (cwd) => {
        for (const task of ["countdown", "other"]) countdownRun(cwd, `of ${task}`, task);
      },
      createTrial({ task: countdown() as Task }),
    );
    const page = await seen.open();
    await go(page, `#/run/${await idOf(page, "of countdown")}/episode/1`);
    await page.getByText("Make 24 of 25, 7, 8, each used once.").waitFor();
    const picture = page.getByAltText("The task's picture of the answer of the Attempt");
    await picture.waitFor();
    // It was drawn, and as an image.
    expect(
      await picture.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth),
    ).toBeGreaterThan(100);
    expect(await page.locator(".by-task .is-wrong").allInnerTexts()).toEqual([
      expect.stringContaining("256, and 24 is wanted"),
    ]);
    // A run of another task is shown as ever.
    await go(page, `#/run/${await idOf(page, "of other")}/episode/1`);
    await page.getByRole("heading", { name: "Retry" }).waitFor();
    expect(await page.locator(".by-task").count()).toBe(0);
    // What is typed before the first problem has come stays.
    await page.route("**/api/try/item*", async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 600));
      await route.continue();
    });
    await go(page, "#/try");
    const arrived = page.waitForResponse("**/api/try/item*");
    await page.getByLabel("The problem, as JSON").fill('{"numbers": [2, 3], "target": 6}');
    await arrived;
    await page.getByText("Make 6 of 2, 3, each used once.").waitFor();
    await page.getByLabel("An answer").fill("<answer>2 + 3</answer>");
    await page.getByRole("button", { name: "Check the answer" }).click();
    await page.getByText("5, and 6 is wanted").waitFor();
    await page.getByLabel("The problem, as JSON").fill('{"numbers": []}');
    await page.getByText("The task cannot show it: not an item").waitFor();
    expect(seen.trouble).toEqual([]);
    await page.context().close();
    await seen.close();
  });

  test("an answer of 5 MB does not freeze the page: not its beginning, not all of it", async () => {
    const long = await openWorld(browser, (cwd) => longRun(cwd, "long", 5_000_000));
    const page = await long.open();
    const href = await page.getByRole("link", { name: "long", exact: true }).getAttribute("href");
    await page.evaluate(`globalThis.longest = 0;
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) globalThis.longest = Math.max(longest, duration);
      }).observe({ entryTypes: ["longtask"] });`);
    await go(page, `${href}/episodes`);
    await page.locator(".row a").first().click();
    await page.locator(".answer .cut").waitFor();
    const tell = async (what: string): Promise<void> =>
      console.log(
        `5 MB, ${what}: the longest task took ${Math.round((await page.evaluate("longest")) as number)} ms`,
      );
    await tell("its beginning");
    await page.getByRole("button", { name: "Show more of Attempt" }).click();
    // A locator: a function that is given as text is compiled in the page, which its policy forbids.
    await page.locator(".answer .cut", { hasText: /^220,000 of/ }).waitFor();
    await tell("some more");
    await page.getByRole("button", { name: "Show all of Attempt" }).click();
    await page.locator(".answer .cut").waitFor({ state: "detached" });
    await tell("all of it");
    expect(
      await page.evaluate(
        "[...document.querySelectorAll('.answer pre')].reduce((sum, each) => sum + each.textContent.length, 0)",
      ),
    ).toBe(5_000_000);
    await page.evaluate("scrollTo(0, document.body.scrollHeight)");
    await page.evaluate("new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))");
    await tell("its end");
    expect(await page.evaluate("longest")).toBeLessThan(500);
    expect(long.trouble).toEqual([]);
    await page.context().close();
    await long.close();
  });

  test("without the token there is nothing, and the page says what to do", async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${world.url}/#/`);
    await page.getByText("This page needs its token").waitFor();
    await page.getByText("Open the address that it printed").waitFor();
    await context.close();
  });

  test("a link of yesterday to what is gone says so", async () => {
    const page = await world.open("#/run/0123456789ab");
    await page.getByText("This cannot be shown").waitFor();
    await go(page, "#/nowhere/else");
    await page.getByText("There is no such page").waitFor();
    await page.context().close();
    // The browser itself notes each answer that is no success.
    expect(world.trouble).toContainEqual(expect.stringContaining("404"));
    world.forgive(/404/);
  });

  /** Every page, under the name that a failure is said with. */
  async function routes(page: Page): Promise<readonly (readonly [string, string])[]> {
    const [trained, one, two] = [
      await idOf(page, "trained"),
      await idOf(page, "one"),
      await idOf(page, "two"),
    ];
    return [
      ["runs", `#/?chosen=${one},${two}`],
      ["run", `#/run/${trained}?with=${one}`],
      ["episodes", `#/run/${trained}/episodes`],
      ["episode", `#/run/${trained}/episode/40`],
      ["comparison", `#/compare?a=${one}&b=${two}&flip=0`],
      ["nothing", "#/nothing"],
      ["try", "#/try"],
    ];
  }

  test.each([
    ["light", 1280],
    ["dark", 390],
  ] as const)(
    "axe finds nothing serious in %s at %i pixels, and nothing is wider than the window",
    async (colorScheme, width) => {
      const page = await world.open("#/", { colorScheme, viewport: { width, height: 844 } });
      for (const [name, route] of await routes(page)) {
        await go(page, route);
        await page.waitForLoadState("networkidle");
        await page.locator("main h1, main h2").first().waitFor();
        expect([name, await troubleFor(page)]).toEqual([name, { serious: [], over: 0 }]);
      }
      await page.context().close();
    },
  );
});
