/** A run from a stranger: nothing that it says is more than text, and nobody else gets an answer. */
import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
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
  let texts: readonly string[] = [];
  let before: readonly string[] = [];

  beforeAll(async () => {
    beacon.listen(0, "127.0.0.1");
    await once(beacon, "listening");
    texts = payloads(`http://127.0.0.1:${(beacon.address() as AddressInfo).port}`);
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
