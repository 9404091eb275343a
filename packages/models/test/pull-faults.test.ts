import { readdirSync } from "node:fs";
import { join } from "node:path";
import { RrrError } from "@rrr/core";
import { describe, expect, it } from "vitest";
import { COMMIT, startHub } from "./hub-server.ts";
import { newFolder } from "./new-folder.ts";
import { cut, drip, end, endless, expectNothing, model, pull, send, weights } from "./pull-into.ts";
import { errorOf } from "./serve.ts";

describe("a token", () => {
  it("goes to the hub and to nobody else", async () => {
    const hub = await startHub({ files: model });
    await pull(hub.endpoint, join(newFolder(), "model"), { token: "hf_secret" });
    for (const { host, headers } of hub.seen) {
      expect(headers.authorization).toBe(host === "hub" ? "Bearer hf_secret" : undefined);
    }
    expect(hub.seen.some(({ host }) => host === "cdn")).toBe(true);
  });

  it.each([
    ["me/model", 401, "GatedRepo", undefined, /conditions.*HF_TOKEN/],
    ["me/model", 403, "GatedRepo", "hf_secret", /conditions/],
    ["me/model", 401, "", undefined, /no token was sent/],
    ["me/model", 401, "", "hf_secret", /token in HF_TOKEN has no right/],
    ["me/model", 404, "RevisionNotFound", undefined, /no such revision/],
    ["me/model", 404, "", undefined, /no such model/],
  ])("refused %s %d %s", async (id, status, code, token, said) => {
    const hub = await startHub({
      files: model,
      onHub(_, response) {
        response.writeHead(status, { "x-error-code": code }).end("hf_secret");
        return true;
      },
    });
    const root = newFolder();
    const error = await errorOf(pull(hub.endpoint, join(root, "model"), token ? { token } : {}, id));
    expect(error.code).toBe("pull-failed");
    expect(`${error.message} ${error.hint}`).toMatch(said);
    expect(`${error.message} ${error.hint}`).not.toContain("hf_secret");
    expect(hub.seen).toHaveLength(1);
    expect(readdirSync(root)).toEqual([]);
  });
});

describe("a hub or CDN that fails ends in a named error, with nothing false on disk", () => {
  const whole = { "content-length": weights.length };
  const changed = Buffer.from(weights);
  changed[2_000_000] = (changed[2_000_000] as number) ^ 1;
  it.each<[string, Parameters<typeof startHub>[0]["onCdn"], RegExp]>([
    ["a short body", (_, r) => cut(r.writeHead(200, whole), 5_000), /broke off|only/],
    ["a short body in chunks", (_, r) => end(r.writeHead(200), weights.subarray(0, 5_000)), /only \d+ of/],
    ["a wrong hash", (q, r) => send(q, r, changed), /SHA-256 is another/],
    ["a wrong length", (_, r) => end(r.writeHead(200, { "content-length": 10 }), "0123456789"), /announced/],
    ["an endless body", (_, r) => endless(r.writeHead(200)), /more than its/],
    ["HTML", (_, r) => end(r.writeHead(200, { "content-type": "text/html" }), "<html>"), /web page/],
    ["an error that stays", (_, r) => end(r.writeHead(500), "no"), /answers 500, 3 times/],
    ["an expired link", (_, r) => end(r.writeHead(403), "no"), /answers 403, 3 times/],
    ["a redirect loop", (q, r) => end(r.writeHead(302, { location: q.url ?? "/" }), ""), /place to place/],
    [
      "a redirect elsewhere",
      (_, r) => end(r.writeHead(302, { location: "file:///etc/passwd" }), ""),
      /not followed/,
    ],
    [
      "a range that was not asked for",
      (_, r) => end(r.writeHead(206, { "content-range": "bytes 5-9/10" }), "01234"),
      /another part/,
    ],
    ["silence", () => true, /Timeout|3 times/i],
    ["a drip", (_, r) => drip(r.writeHead(200, whole)), /bytes came in|3 times/],
    ["compression", (_, r) => end(r.writeHead(200, { "content-encoding": "br" }), "x"), /compressed/],
  ])("%s", async (_, onCdn, said) => {
    const hub = await startHub({ files: model, onCdn: onCdn as NonNullable<typeof onCdn> });
    const root = newFolder();
    const error = await errorOf(pull(hub.endpoint, join(root, "model"), { silenceMs: 1_500, slowMs: 400 }));
    expect(error.code).toBe("pull-failed");
    expect(error.message).toMatch(said);
    expectNothing(root);
    expect(hub.ranges("model.safetensors").length).toBeLessThan(20);
  });

  it("another commit between the files", async () => {
    const hub = await startHub({ files: model, fileHeaders: { "x-repo-commit": "f".repeat(40) } });
    const root = newFolder();
    const error = await errorOf(pull(hub.endpoint, join(root, "model")));
    expect(error).toMatchObject({ code: "pull-failed", message: expect.stringContaining("another commit") });
    expectNothing(root);
  });

  it.each<[string, string | undefined]>([
    ["no JSON", "hello"],
    ["no commit", '{"siblings":[]}'],
    ["no files", `{"sha":"${COMMIT}"}`],
    ["without end", undefined],
  ])("a list of files that is none: %s", async (_, body) => {
    const hub = await startHub({
      files: model,
      onHub(_, response) {
        response.writeHead(200, { "content-type": "application/json" });
        return body === undefined ? endless(response) : end(response, body);
      },
    });
    const error = await errorOf(pull(hub.endpoint, join(newFolder(), "model")));
    expect(error).toMatchObject({ code: "pull-failed", message: expect.stringContaining("no list") });
  });

  it("waits as a busy server asks, and goes on", async () => {
    const hub = await startHub({
      files: model,
      onHub(_, response, count) {
        if (count % 2 === 0) return false;
        response.writeHead(count % 4 === 1 ? 429 : 503, { "retry-after": "0.02" }).end();
        return true;
      },
    });
    const { events } = await pull(hub.endpoint, join(newFolder(), "model"));
    const waits = events.flatMap((event) => (event.kind === "retry" ? [event.waitMs] : []));
    expect(waits.length).toBeGreaterThan(3);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(20);
  });

  it("nobody there", async () => {
    const error = await errorOf(pull("http://127.0.0.1:9", join(newFolder(), "model")));
    expect(error).toMatchObject({ code: "pull-failed", message: expect.stringContaining("ECONNREFUSED") });
  });

  it.each(["..", "a/b/c", "https://huggingface.co/a/b", "-a/b", "a/..b", "", "a/b?c"])(
    "an id that is none: %s",
    async (id) => {
      const error = await errorOf(pull("http://127.0.0.1:9", join(newFolder(), "model"), {}, id));
      expect(RrrError.is(error, "bad-argument")).toBe(true);
    },
  );
});
