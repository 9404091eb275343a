import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { messageOf, RrrError } from "@rrr/core";
import { createTarDecoder } from "modern-tar";

/**
 * Writes the files of a tar.gz into a folder, and nothing anywhere else: what is no file is left out.
 * @throws RrrError `model-failed` for an archive that is damaged, or names files outside the folder
 */
export async function unpack(archive: ReadableStream<Uint8Array>, folder: string): Promise<void> {
  try {
    const files = archive
      .pipeThrough(new DecompressionStream("gzip") as never)
      .pipeThrough(createTarDecoder({ strict: true }) as never) as unknown as AsyncIterable<Entry>;
    for await (const { header, body } of files) {
      if (header.type !== undefined && header.type !== "file") {
        await body.cancel();
        continue;
      }
      // Some servers write absolute names.
      const parts = header.name.split("/").filter((part) => part !== "" && part !== ".");
      if (parts.length === 0 || parts.some((part) => part === ".." || /[\\\0:]/.test(part))) {
        throw new Error(`it names ${JSON.stringify(header.name)}`);
      }
      const path = join(folder, ...parts);
      await mkdir(dirname(path), { recursive: true });
      await pipeline(Readable.fromWeb(body as never), createWriteStream(path, { flags: "wx" }));
    }
  } catch (cause) {
    throw new RrrError("model-failed", `the archive of the weights cannot be read: ${messageOf(cause)}`, {
      cause,
    });
  }
}

interface Entry {
  readonly header: { readonly name: string; readonly type?: string };
  readonly body: ReadableStream<Uint8Array>;
}
