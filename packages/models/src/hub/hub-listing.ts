import { asRecord } from "../remote/json-value.ts";
import type { HubClient, HubResponse } from "./hub-client.ts";
import { paced } from "./paced.ts";
import type { FileHash, HubFile, PullEvent } from "./pull-event.ts";
import { pullFailed } from "./pull-failed.ts";

/** A list of 100,000 files with their hashes is some 30 MB; models have some 200. */
const MOST_BYTES = 32_000_000;

/** The files of a model at a commit, by name; sizes and hashes as far as the list has them. */
export interface HubListing {
  readonly commit: string;
  readonly files: ReadonlyMap<string, Partial<HubFile>>;
}

/**
 * What a revision is now, and its files. Files in folders are left out.
 * @see https://huggingface.co/docs/hub/api
 */
export async function listHubFiles(hub: HubClient, id: string, revision: string): Promise<HubListing> {
  const path = `/api/models/${id}/revision/${encodeURIComponent(revision)}?blobs=true`;
  const response = await hub.ask(path, { accept: "application/json" });
  const listing = asRecord(await readJson(hub, response));
  const commit = listing?.sha;
  if (typeof commit !== "string" || !/^[\da-f]{40}$/.test(commit)) throw noListing("it names no commit");
  if (/^[\da-f]{40}$/.test(revision) && revision !== commit) throw noListing("it is of another commit");
  if (!Array.isArray(listing?.siblings)) throw noListing("it names no files");
  const files = new Map<string, Partial<HubFile>>();
  for (const each of listing.siblings) {
    const name = asRecord(each)?.rfilename;
    if (typeof name === "string" && isPlainName(name))
      files.set(name, { name, ...toFile(asRecord(each) ?? {}) });
  }
  return { commit, files };
}

/** Sizes and hashes that the list lacks, from the headers of the file. */
export async function* completeFile(
  hub: HubClient,
  { name, size, hash }: Partial<HubFile> & { readonly name: string },
  pathOf: (name: string) => string,
): AsyncGenerator<PullEvent, HubFile> {
  if (size !== undefined && hash !== undefined) return { name, size, hash };
  const { hubHeaders, headers, body } = yield* hub.again(name, () => hub.ask(pathOf(name), {}, "HEAD"));
  body.on("error", () => {}).destroy();
  const told = asSize(hubHeaders["x-linked-size"] ?? headers["content-length"]);
  if (size === undefined && told === undefined) {
    throw pullFailed(
      `the hub does not say how large ${name} is`,
      "Check HF_ENDPOINT, and a proxy in between.",
    );
  }
  return { name, size: size ?? (told as number), hash: hash ?? hashInHeaders(hubHeaders) };
}

/** Large files are known by their SHA-256, the others by what git names them. */
function hashInHeaders(headers: HubResponse["headers"]): FileHash | undefined {
  const tag = headers["x-linked-etag"] ?? headers.etag;
  return asHash(typeof tag === "string" ? tag.replace(/^(?:W\/)?"(.*)"$/, "$1") : undefined);
}

function toFile(sibling: Readonly<Record<string, unknown>>): Partial<HubFile> {
  const lfs = asRecord(sibling.lfs);
  const size = asSize(lfs?.size ?? sibling.size);
  const hash = asHash(lfs === undefined ? sibling.blobId : (lfs.sha256 ?? lfs.oid));
  return { ...(size === undefined ? {} : { size }), ...(hash === undefined ? {} : { hash }) };
}

function asHash(hex: unknown): FileHash | undefined {
  if (typeof hex !== "string" || !/^(?:[\da-f]{40}|[\da-f]{64})$/.test(hex)) return undefined;
  return { kind: hex.length === 64 ? "sha256" : "git-sha1", hex };
}

function asSize(value: unknown): number | undefined {
  const size = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  return Number.isSafeInteger(size) && (size as number) >= 0 ? (size as number) : undefined;
}

/** A name that is one everywhere, and nothing else: no path, no hidden file, nothing that a shell or disk takes badly. */
function isPlainName(name: string): boolean {
  return /^[A-Za-z0-9_][\w.-]{0,199}$/.test(name);
}

async function readJson(hub: HubClient, { body, headers }: HubResponse): Promise<unknown> {
  if (/text\/html/i.test(String(headers["content-type"]))) throw noListing("it is a web page");
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of paced(body, hub.patience)) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw noListing(`it is longer than ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    throw noListing("it is not JSON");
  }
}

function noListing(why: string): Error {
  return pullFailed(
    `what the hub sent is no list of a model's files: ${why}`,
    "Check HF_ENDPOINT, and a proxy or a login page in between.",
  );
}
