/** A hub with Hugging Face's paths, and a CDN of its own port where its large files are. */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export const COMMIT = "0123456789abcdef0123456789abcdef01234567";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export interface HubFiles {
  readonly [name: string]: Uint8Array | string;
}

export interface Seen {
  readonly host: "hub" | "cdn";
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
}

export interface HubServerOptions {
  readonly id?: string;
  readonly files: HubFiles;
  /** Larger files are on the CDN, and known by their SHA-256. */
  readonly largeFrom?: number;
  /** Answers in place of the hub; false leaves it to the hub. */
  readonly onHub?: (request: IncomingMessage, response: ServerResponse, count: number) => boolean;
  /** Answers in place of the CDN. */
  readonly onCdn?: (request: IncomingMessage, response: ServerResponse, count: number) => boolean;
  /** Changes the list of files. */
  readonly list?: (listing: { sha: string; siblings: Record<string, unknown>[] }) => unknown;
  /** More headers of the hub's answers about files. */
  readonly fileHeaders?: Readonly<Record<string, string>>;
}

export interface HubServer {
  readonly endpoint: string;
  readonly cdn: string;
  readonly seen: Seen[];
  /** Requests for a file's content, with the ranges that they ask for. */
  ranges(name: string): (string | undefined)[];
}

export const sha256 = (content: Uint8Array): string => createHash("sha256").update(content).digest("hex");

const gitHash = (content: Uint8Array): string =>
  createHash("sha1").update(`blob ${content.length}\0`).update(content).digest("hex");

export async function startHub(options: HubServerOptions): Promise<HubServer> {
  const { id = "me/model", largeFrom = 100_000, onHub, onCdn, list = (listing) => listing } = options;
  const files = new Map(Object.entries(options.files).map(([name, text]) => [name, Buffer.from(text)]));
  const seen: Seen[] = [];
  const isLarge = (content: Buffer): boolean => content.length >= largeFrom;

  const cdn = await listen((request, response) => {
    note("cdn", request);
    if (onCdn?.(request, response, countOf("cdn"))) return;
    const content = files.get(decodeURIComponent((request.url ?? "").split("?")[0]?.slice(1) ?? ""));
    if (content === undefined) response.writeHead(404).end();
    else sendContent(request, response, content);
  });
  const hub = await listen((request, response) => {
    note("hub", request);
    if (onHub?.(request, response, countOf("hub"))) return;
    const [path = ""] = (request.url ?? "").split("?");
    if (/^\/api\/models\/.*\/revision\//.test(path)) {
      if (!path.startsWith(`/api/models/${id}/`)) {
        response.writeHead(401, { "x-error-code": "RepoNotFound" }).end();
        return;
      }
      const siblings = [...files].map(([rfilename, content]) => ({
        rfilename,
        size: content.length,
        blobId: gitHash(content),
        ...(isLarge(content)
          ? { lfs: { sha256: sha256(content), size: content.length, pointerSize: 135 } }
          : {}),
      }));
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify(list({ sha: COMMIT, siblings })));
      return;
    }
    const name = path.slice(`/${id}/resolve/${COMMIT}/`.length);
    const content = files.get(name);
    if (!path.startsWith(`/${id}/resolve/${COMMIT}/`) || content === undefined) {
      response.writeHead(404, { "x-error-code": "EntryNotFound" }).end();
      return;
    }
    const headers = { "x-repo-commit": COMMIT, ...options.fileHeaders };
    if (isLarge(content)) {
      response.writeHead(302, {
        ...headers,
        location: `${cdn.url}/${name}?signature=abc`,
        "x-linked-size": content.length,
        "x-linked-etag": `"${sha256(content)}"`,
      });
      response.end();
    } else sendContent(request, response, content, { ...headers, etag: `"${gitHash(content)}"` });
  });

  function note(host: Seen["host"], { method = "", url = "", headers }: IncomingMessage): void {
    seen.push({ host, method, url, headers });
  }
  const countOf = (host: Seen["host"]): number => seen.filter((each) => each.host === host).length;

  return {
    endpoint: hub.url,
    cdn: cdn.url,
    seen,
    ranges: (name) =>
      seen
        .filter(({ host, method, url }) => method === "GET" && host === "cdn" && url.startsWith(`/${name}`))
        .map(({ headers }) => headers.range),
  };
}

/** As a server sends a file: all of it, or from a byte on. */
export function sendContent(
  request: IncomingMessage,
  response: ServerResponse,
  content: Buffer,
  headers: Readonly<Record<string, string>> = {},
): void {
  const [, from, last] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "") ?? [];
  const isPart = from !== undefined;
  const [start, end] = isPart
    ? [Number(from), last ? Number(last) + 1 : content.length]
    : [0, content.length];
  const body = content.subarray(start, end);
  response.writeHead(isPart ? 206 : 200, {
    "content-type": "application/octet-stream",
    "content-length": body.length,
    ...(isPart ? { "content-range": `bytes ${start}-${end - 1}/${content.length}` } : {}),
    ...headers,
  });
  response.end(request.method === "HEAD" ? undefined : body);
}

async function listen(answer: Answer): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer(answer);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}
