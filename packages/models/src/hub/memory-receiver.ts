import { createHasher } from "./file-hasher.ts";
import type { HubFile } from "./pull-event.ts";
import type { Receiver } from "./receive-file.ts";

/** A small file that is looked at before anything is written. */
export class MemoryReceiver implements Receiver {
  readonly #file: HubFile;
  #pieces: Uint8Array[] = [];
  #length = 0;

  constructor(file: HubFile) {
    this.#file = file;
  }

  get length(): number {
    return this.#length;
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#pieces);
  }

  async append(piece: Uint8Array): Promise<void> {
    this.#pieces.push(piece);
    this.#length += piece.length;
  }

  async restart(): Promise<void> {
    this.#pieces = [];
    this.#length = 0;
  }

  isRight(): boolean {
    const { size, hash } = this.#file;
    if (this.#length !== size) return false;
    return hash === undefined || createHasher(hash, size).update(this.bytes).digest("hex") === hash.hex;
  }
}
