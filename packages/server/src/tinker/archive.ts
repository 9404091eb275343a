import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { createGzip } from "node:zlib";
import { RrrError } from "@rrr/core";
import type { Engine } from "@rrr/trainer";
import { packTar } from "modern-tar/fs";

/** What an engine exports, as tar.gz. The files are gone when the stream has ended. */
export async function archiveOf(engine: Engine): Promise<ReadableStream<Uint8Array>> {
  const scratch = await mkdtemp(join(tmpdir(), "rrr-archive-"));
  const clean = (): Promise<void> => rm(scratch, { recursive: true, force: true });
  try {
    const model = await engine.exportModel(join(scratch, "model"));
    if (model.kind !== "folder") throw new RrrError("bad-model", `the engine exports to ${model.address}`);
    const zipped = packTar(model.path).pipe(createGzip());
    zipped.once("close", clean);
    return Readable.toWeb(zipped) as ReadableStream<Uint8Array>;
  } catch (error) {
    await clean();
    throw error;
  }
}
