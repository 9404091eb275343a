/** A run from a stranger: nothing that it says is more than text, and nobody else gets an answer. */
import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import { defineTask, fail, schemaOf, type Task } from "@rrr/core";
import { createTrial } from "@rrr/server/view";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browserPath, go, launch, openWorld, TOKEN, type World } from "./browser.ts";
import { filesBelow } from "./files-below.ts";
import { payloads } from "./payloads.ts";
import { evaluationRun, trainingRun } from "./sample-runs.ts";
import { sayOfItself } from "./strangers.ts";

describe.skipIf(browserPath === undefined)("a run from a stranger", { timeout: 170_000 }, () => {
  let browser: Browser;
  let world: World;
  /** What a script of a text would ask. */
  const asked: string[] = [];
  const beacon = createServer((request, response) => {
    asked.push(request.url ?? "");
    response.end();
  });
  let beaconUrl = "";
  let texts: readonly string[] = [];
  let before: readonly string[] = [];

  beforeAll(async () => {
    beacon.listen(0, "127.0.0.1");
    await once(beacon, "listening");
    beaconUrl = `http://127.0.0.1:${(beacon.address() as AddressInfo).port}`;
    texts = payloads(beaconUrl);
    browser = await launch();
    world = await openWorld(browser, (cwd) => {
      evaluationRun(cwd, "evaluated", texts);
      evaluationRun(cwd, "again", texts, { shift: 1 });
      trainingRun(cwd, "trained", texts.slice(0, 40), 40);
      // Names of runs, tasks and models, errors and settings.
      texts.slice(0, 40).forEach((text, i) => {
        evaluationRun(cwd, `named ${i} ${text.replaceAll(/[/\0]/g, "|").slice(0, 60)}`, ["x"], {
          status: "stopped",
        });
      });
      rename(cwd, texts);
      before = filesBelow(cwd);
    });
  }, 120_000);
  afterAll(async () => {
    await world.close();
    await browser.close();
    beacon.close();
  });

  test("200 texts in every place that a model, a task or a server writes: none runs, none asks anybody", async () => {
    expect(texts).toHaveLength(200);
    const page = await world.open("#/");
    await page.getByText("43 runs").waitFor();
    const { runs } = (await (
      await fetch(`${world.url}/api/runs`, { headers: { "x-rrr-token": TOKEN } })
    ).json()) as { readonly runs: readonly { readonly id: string; readonly name: string }[] };
    const idOf = (name: string): string => runs.find((run) => run.name === name)?.id ?? "";
    let seen = 0;
    for (const { id } of runs) {
      await go(page, `#/run/${id}`);
      await page.locator(".facts").waitFor();
      await page.locator("h2").first().waitFor();
    }
    for (const name of ["evaluated", "trained"]) {
      await go(page, `#/run/${idOf(name)}/episodes`);
      await page.locator(".row a").first().waitFor();
    }
    for (let episode = 1; episode <= texts.length; episode++) {
      await go(page, `#/run/${idOf("evaluated")}/episode/${episode}`);
      await page.locator(`dd:text-is("${episode}")`).first().waitFor();
      seen += await page.locator(".text, .failure").count();
    }
    expect(seen).toBeGreaterThan(texts.length * 3);
    // The groups of training, with every text unfolded.
    for (let episode = 60; episode <= 90; episode += 3) {
      await go(page, `#/run/${idOf("trained")}/episode/${episode}`);
      await page.locator(".group").waitFor();
      await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true");
    }
    await go(page, `#/compare?a=${idOf("evaluated")}&b=${idOf("again")}&flip=0`);
    await page.locator(".transcript .text").first().waitFor();
    expect(
      await page.evaluate("[globalThis.pwned, document.querySelectorAll('main script, main iframe').length]"),
    ).toEqual([undefined, 0]);
    expect([world.trouble, asked]).toEqual([[], []]);
    expect(await page.evaluate("document.querySelectorAll('script').length")).toBe(1);
    await page.context().close();
    expect(filesBelow(world.cwd).filter((path) => !path.startsWith("cache/"))).toEqual(before);
  });

  test("pictures of a task: what the contract refuses does not come, and what would come anyway is an image", async () => {
    const drawn = await openWorld(
      browser,
      (cwd) => evaluationRun(cwd, "drawn", texts),
      createTrial({ task: drawing() }),
    );
    const page = await drawn.open();
    const href = await page.getByRole("link", { name: "drawn", exact: true }).getAttribute("href");
    // By the contract: of pictures with such a text in them none is shown that has more than shapes in it.
    for (let episode = 1; episode <= texts.length; episode += 9) {
      await go(page, `${href}/episode/${episode}`);
      await page.locator(`dd:text-is("${episode}")`).first().waitFor();
      await page.locator(".by-task, .note").first().waitFor();
    }
    // Past the contract: as if the server had let everything through.
    let svg = "";
    await page.route(/\/shown(\?|$)/, (route) => route.fulfill({ json: { kind: "shown", svg } }));
    let images = 0;
    for (const text of [...texts.slice(0, 40), ...SCRIPTED.map((frame) => frame(beaconUrl))]) {
      svg = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" onload="globalThis.pwned=1" width="9" height="9">${text}</svg>`;
      await go(page, "#/");
      await page.getByRole("heading", { name: "Runs" }).waitFor();
      await go(page, `${href}/episode/1`);
      await page.locator(".by-task img, .by-task .note").first().waitFor();
      images += await page.locator(".by-task img").count();
    }
    expect(images).toBeGreaterThan(SCRIPTED.length);
    expect(
      await page.evaluate("[globalThis.pwned, document.querySelectorAll('svg, main script').length]"),
    ).toEqual([undefined, 0]);
    expect([drawn.trouble, asked]).toEqual([[], []]);
    await page.context().close();
    await drawn.close();
  });

  test("what is typed into the address is no script either", async () => {
    const page = await world.open();
    for (const text of texts.slice(0, 40)) {
      await go(page, `#/?q=${encodeURIComponent(text)}`);
      await page.locator("h1, h2").first().waitFor();
      await go(page, `#/${text}`);
      await page.locator("main").waitFor();
    }
    expect(await page.evaluate("globalThis.pwned")).toBeUndefined();
    expect(asked).toEqual([]);
    await page.context().close();
    world.forgive(/404|400/);
    expect(world.trouble).toEqual([]);
  });

  test("200 foreign hosts, origins and addresses: no answer has anything in it", async () => {
    const { port } = new URL(world.url);
    const own = `127.0.0.1:${port}`;
    const clean = texts.map((text) => text.replaceAll(/[\r\n\0]/g, " ").slice(0, 200));
    const hosts = [
      "evil.example",
      `evil.example:${port}`,
      `127.0.0.1.nip.io:${port}`,
      "0.0.0.0",
      "localhost.evil",
    ];
    const requests = [
      ...[...hosts, ...clean.slice(0, 60)].map((host) => ["/api/runs", host, undefined] as const),
      ...["null", "http://evil.example", `https://${own}`, "http://127.0.0.1:1", ...clean.slice(60, 120)].map(
        (origin) => ["/api/runs", own, origin] as const,
      ),
      ...[
        "//evil.example/api/runs",
        "http://evil.example/api/runs",
        "/\\evil.example",
        "*",
        "/%",
        "/api/%2e%2e/%2e%2e/etc/passwd",
        ...clean.slice(120).map((text) => `/${encodeURIComponent(text)}`),
      ].map((path) => [path, own, undefined] as const),
    ];
    expect(requests.length).toBeGreaterThanOrEqual(200);
    for (const [path, host, origin] of requests) {
      const answer = await raw(Number(port), path, host, origin);
      expect([path, host, origin, answer.slice(0, 12)]).toEqual([
        path,
        host,
        origin,
        expect.stringMatching(/^HTTP\/1\.1 4\d\d$/),
      ]);
      expect(answer).not.toContain('"runs"');
      expect(answer.toLowerCase()).not.toContain("access-control-allow");
    }
    const good = await raw(Number(port), "/api/runs", own, undefined);
    expect(good).toContain('"runs"');
  });
});

/** A task that puts what a stranger wrote into its pictures, as it stands there. */
function drawing(): Task {
  const draw = (text: string) => ({
    description: text,
    rows: [[text, text, "wrong"] as const],
    svg: `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">${text}</svg>`,
  });
  return defineTask<{ readonly text: string }>({
    name: "even",
    schema: schemaOf((value): value is { text: string } => true, "anything"),
    items: () => [],
    prompt: () => [{ role: "user", content: "?" }],
    verify: () => fail("no"),
    showItem: ({ text }) => draw(text),
    showAnswer: (_, text) => draw(text),
  }) as Task;
}

/** Well-formed pictures that would run something or ask somebody. */
const SCRIPTED: readonly ((beacon: string) => string)[] = [
  () => "<script>globalThis.pwned=1;parent.pwned=1</script>",
  (beacon) => `<script href="${beacon}/script" xlink:href="${beacon}/xlink"/>`,
  (beacon) => `<image href="${beacon}/image.png" width="9" height="9"/>`,
  (beacon) => `<use href="${beacon}/use.svg#x"/>`,
  (beacon) =>
    `<style>@import url("${beacon}/import.css"); rect { fill: url("${beacon}/fill.svg#x") }</style><rect width="9" height="9"/>`,
  (beacon) =>
    `<foreignObject width="9" height="9"><iframe xmlns="http://www.w3.org/1999/xhtml" src="${beacon}/frame"/></foreignObject>`,
  (beacon) =>
    `<foreignObject width="9" height="9"><img xmlns="http://www.w3.org/1999/xhtml" src="${beacon}/img" onerror="parent.pwned=1"/></foreignObject>`,
  () =>
    '<animate attributeName="x" dur="1s" onbegin="globalThis.pwned=1"/><set onbegin="globalThis.pwned=1"/>',
  (beacon) =>
    `<a href="javascript:globalThis.pwned=1"><rect width="9" height="9" onclick="globalThis.pwned=1"/></a><filter id="f"><feImage href="${beacon}/fe"/></filter><rect filter="url(#f)" width="9" height="9"/>`,
];

/** A request to the letter: a client of the platform would not send these. */
async function raw(port: number, path: string, host: string, origin: string | undefined): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  const more = origin === undefined ? "" : `Origin: ${origin}\r\n`;
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n${more}x-rrr-token: ${TOKEN}\r\nConnection: close\r\n\r\n`,
    "utf8",
  );
  let answer = "";
  socket.setEncoding("utf8").on("data", (text: string) => {
    answer += text;
  });
  await once(socket, "close");
  return answer;
}

/** What a run says of itself, as a stranger may write it. */
function rename(cwd: string, texts: readonly string[]): void {
  texts.slice(0, 40).forEach((text, i) => {
    const name = `named ${i} ${text.replaceAll(/[/\0]/g, "|").slice(0, 60)}`;
    sayOfItself(join(cwd, "runs", name), text);
  });
}
