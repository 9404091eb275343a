import type { Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, lstat, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { createHasher } from "./file-hasher.ts";
import type { HubFile } from "./pull-event.ts";
import { diskFailed } from "./pull-failed.ts";

/** The name of a file while it comes: that of its content too, so that no other revision is taken for its beginning. */
export function partialName({ name, size, hash }: HubFile): string {
  return `${name}.${hash?.hex.slice(0, 16) ?? size}.part`;
}

/** A file of which the beginning is on disk. */
export class PartialFile {
  readonly #folder: string;
  readonly #file: HubFile;
  readonly #handle: FileHandle;
  #hasher: Hash | undefined;
  #length = 0;

  private constructor(folder: string, file: HubFile, handle: FileHandle) {
    this.#folder = folder;
    this.#file = file;
    this.#handle = handle;
    this.#hasher = file.hash && createHasher(file.hash, file.size);
  }

  /** Goes on with what is there; from the start where no hash could tell whether the two parts fit each other. */
  static async open(folder: string, file: HubFile): Promise<PartialFile> {
    const path = join(folder, partialName(file));
    try {
      const found = await lstat(path).catch(() => undefined);
      const goesOn = file.hash !== undefined && found?.isFile() === true && found.size <= file.size;
      if (found !== undefined && !goesOn) await rm(path, { recursive: true });
      const handle = await open(path, goesOn ? "r+" : "wx");
      const part = new PartialFile(folder, file, handle);
      if (goesOn) await part.#read(path);
      return part;
    } catch (cause) {
      throw diskFailed(path, cause);
    }
  }

  /** Bytes that are there. */
  get length(): number {
    return this.#length;
  }

  async append(piece: Uint8Array): Promise<void> {
    try {
      for (let at = 0; at < piece.length; ) {
        at += (await this.#handle.write(piece, at, piece.length - at, this.#length + at)).bytesWritten;
      }
    } catch (cause) {
      throw diskFailed(join(this.#folder, this.#file.name), cause);
    }
    this.#length += piece.length;
    this.#hasher?.update(piece);
  }

  /** Forgets what is there. */
  async restart(): Promise<void> {
    await this.#handle.truncate(0);
    this.#length = 0;
    this.#hasher = this.#file.hash && createHasher(this.#file.hash, this.#file.size);
  }

  /** Whether all of it is there and it is what it is to be. */
  isRight(): boolean {
    const { size, hash } = this.#file;
    return this.#length === size && (hash === undefined || this.#hasher?.copy().digest("hex") === hash.hex);
  }

  /** Gives it its name, on disk before anybody can see it. */
  async finish(): Promise<void> {
    const path = join(this.#folder, this.#file.name);
    try {
      await this.#handle.sync();
      await this.#handle.close();
      await rename(join(this.#folder, partialName(this.#file)), path);
    } catch (cause) {
      throw diskFailed(path, cause);
    }
  }

  /** Keeps what came, for another time. */
  async close(): Promise<void> {
    await this.#handle.close();
  }

  async #read(path: string): Promise<void> {
    for await (const piece of createReadStream(path)) {
      this.#hasher?.update(piece);
      this.#length += piece.length;
    }
  }
}
