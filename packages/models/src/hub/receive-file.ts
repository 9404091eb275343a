import type { HubClient, HubResponse } from "./hub-client.ts";
import { paced } from "./paced.ts";
import type { HubFile, PullEvent } from "./pull-event.ts";
import { pullFailed, Trouble } from "./pull-failed.ts";

/** Less than this between two failures is no progress, and the tries are bounded. */
const PROGRESS_BYTES = 1_000_000;

/** Most bytes that are asked for at once: they may lie in memory until they are written. */
const PIECE_BYTES = 64_000_000;

/** Where a file goes: a file on disk, or memory. */
export interface Receiver {
  readonly length: number;
  append(piece: Uint8Array): Promise<void>;
  restart(): Promise<void>;
  isRight(): boolean;
}

/**
 * Receives a file, from where the receiver is, until it is whole and right.
 * @param commit that all files must be of
 * @returns after the last byte: the receiver holds the file
 * @throws RrrError `pull-failed`, with the receiver emptied where what came is wrong
 */
export async function* receiveFile(
  hub: HubClient,
  path: string,
  file: HubFile,
  commit: string,
  to: Receiver,
): AsyncGenerator<PullEvent | { readonly kind: "piece"; readonly length: number }, void> {
  let failures = 0;
  let wrong = 0;
  // An empty file is asked for, too: that it is there is all that can be known of it.
  for (let asked = false; !asked || to.length < file.size; ) {
    const before = to.length;
    try {
      if (to.length < file.size || file.size === 0) yield* receivePiece(hub, path, file, commit, to);
      asked = true;
      failures = 0;
      if (to.length < file.size) continue;
      if (to.isRight()) return;
    } catch (error) {
      // Without a hash nobody could tell whether two parts are of one file.
      if (error instanceof Trouble && (error.spoils || file.hash === undefined)) await to.restart();
      failures = to.length - before >= PROGRESS_BYTES ? 1 : failures + 1;
      yield* hub.wait(file.name, error, failures);
      continue;
    }
    await to.restart();
    asked = false;
    // What was here from an earlier pull may be the reason, or a flipped bit on the way: once.
    if (++wrong > 1) {
      throw pullFailed(
        `${file.name} is not what the hub says it is: its ${file.hash?.kind === "sha256" ? "SHA-256" : "git hash"} is another, twice`,
        "Check HF_ENDPOINT, and a proxy in between. Nothing of it was kept.",
      );
    }
    yield { kind: "retry", what: file.name, problem: "its hash is wrong; it is fetched anew", waitMs: 0 };
  }
}

async function* receivePiece(
  hub: HubClient,
  path: string,
  file: HubFile,
  commit: string,
  to: Receiver,
): AsyncGenerator<{ readonly kind: "piece"; readonly length: number }> {
  const from = to.length;
  const last = Math.min(from + PIECE_BYTES, file.size) - 1;
  const isPart = from > 0 || last < file.size - 1;
  const response = await hub.ask(path, isPart ? { range: `bytes=${from}-${last}` } : {});
  response.body.on("error", () => {});
  try {
    checkResponse(response, file, commit);
    const { start, end } = rangeOf(response, file, isPart ? { start: from, end: last + 1 } : undefined);
    if (start === 0 && from > 0) await to.restart();
    for await (const piece of paced(response.body, hub.patience)) {
      hub.checkSignal();
      if (to.length + piece.length > end) {
        throw new Trouble(`more than its ${end} bytes came`, { spoils: true });
      }
      await to.append(piece);
      yield { kind: "piece", length: to.length };
    }
    if (to.length < end) throw new Trouble(`only ${to.length} of its ${end} bytes came`);
  } finally {
    response.body.destroy();
  }
}

function checkResponse({ headers, hubHeaders }: HubResponse, { name }: HubFile, commit: string): void {
  const of = hubHeaders["x-repo-commit"];
  if (of !== undefined && of !== commit) {
    throw pullFailed(
      `the hub sent ${name} of another commit than the one it named`,
      "Start the same command again: the model may have been changed just now.",
    );
  }
  const encoding = headers["content-encoding"];
  if (encoding !== undefined && encoding !== "identity") throw new Trouble("it came compressed, unasked");
  if (/text\/html/i.test(String(headers["content-type"]))) {
    throw pullFailed(
      `a web page came in place of ${name}`,
      "Check HF_ENDPOINT, and a proxy or a login page in between.",
    );
  }
}

/** A part of a file: from its byte `start` to that before `end`. */
interface Range {
  readonly start: number;
  readonly end: number;
}

/** What of the file the body is: some servers know no ranges, and send all of it. */
function rangeOf({ status, headers }: HubResponse, { size }: HubFile, asked: Range | undefined): Range {
  const range = status === 200 ? { start: 0, end: size } : partOf(headers["content-range"], size);
  const isAsked = status === 200 || (range?.start === asked?.start && range?.end === asked?.end);
  if (range === undefined || !isAsked) {
    throw new Trouble(`status ${status} came with another part of it than was asked for`, { spoils: true });
  }
  const length = headers["content-length"];
  if (length !== undefined && Number(length) !== range.end - range.start) {
    throw new Trouble(`${length} bytes were announced, where ${range.end - range.start} are to come`);
  }
  return range;
}

function partOf(header: HubResponse["headers"][string], size: number): Range | undefined {
  const [, start, last, whole] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(String(header)) ?? [];
  if (whole === undefined || (whole !== "*" && Number(whole) !== size)) return undefined;
  return Number(last) >= Number(start) ? { start: Number(start), end: Number(last) + 1 } : undefined;
}
