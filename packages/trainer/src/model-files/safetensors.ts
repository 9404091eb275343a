import { type FileHandle, open, stat } from "node:fs/promises";
import { RrrError } from "@rrr/core";
import { writeFileDurably } from "../durable.ts";
import { bytesPerElement, type Dtype, fromFloat32, toFloat32 } from "./dtype.ts";
import { parseSafetensorsHeader, type TensorEntry } from "./safetensors-header.ts";
import { elements, type Weight, type Weights } from "./weights.ts";

/** The largest header in use has less than a tenth. */
const MAX_HEADER_BYTES = 20_000_000;
/** Weights that are read at once. */
const PIECE = 2 ** 22;

/**
 * Reads a safetensors file of F32, BF16 or F16 tensors as 32-bit floats.
 * The file is taken for hostile: nothing is allocated before its size has been checked against the file's own.
 * @param isNeeded which tensors; default: all
 * @throws bad-model
 */
export async function readSafetensors(
  path: string,
  isNeeded: (name: string) => boolean = () => true,
): Promise<Weights> {
  return withFile(path, async (file) => {
    const { entries, dataStart } = await readHeader(file);
    const weights = new Map<string, Weight>();
    for (const { name, dtype, shape, start, end } of entries) {
      if (!isNeeded(name)) continue;
      const data = new Float32Array((end - start) / bytesPerElement[dtype]);
      await readTensor(file, dataStart + start, dtype, data);
      weights.set(name, { shape, data });
    }
    return weights;
  });
}

/** What a safetensors file says that it holds, checked against its size. @throws bad-model */
export async function readSafetensorsHeader(path: string): Promise<readonly TensorEntry[]> {
  return withFile(path, async (file) => (await readHeader(file)).entries);
}

async function withFile<Result>(path: string, work: (file: FileHandle) => Promise<Result>): Promise<Result> {
  const file = await openFile(path).catch((error: Error) => {
    throw new RrrError("bad-model", `cannot open ${path}: ${error.message}`, { cause: error });
  });
  try {
    return await work(file);
  } catch (cause) {
    if (!RrrError.is(cause, "bad-model")) throw cause;
    const hint = cause.hint === undefined ? {} : { hint: cause.hint };
    throw new RrrError("bad-model", `${path}: ${cause.message}`, { cause, ...hint });
  } finally {
    await file.close();
  }
}

async function openFile(path: string): Promise<FileHandle> {
  // A pipe would be waited for without end.
  if (!(await stat(path)).isFile()) throw new Error("it is no file");
  return open(path, "r");
}

/** Writes tensors in the order of their names, so that the same weights give the same bytes. Atomic. */
export async function writeSafetensors(
  path: string,
  weights: Weights,
  options: { readonly dtype: "F32" | "BF16" },
): Promise<void> {
  const names = [...weights.keys()].sort();
  const header: Record<string, unknown> = { __metadata__: { format: "pt" } };
  let position = 0;
  for (const name of names) {
    const { shape } = weights.get(name) as Weight;
    const end = position + elements(shape) * bytesPerElement[options.dtype];
    header[name] = { dtype: options.dtype, shape, data_offsets: [position, end] };
    position = end;
  }
  const json = JSON.stringify(header);
  const text = Buffer.from(json.padEnd(json.length + ((8 - (Buffer.byteLength(json) % 8)) % 8)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  function* chunks(): Generator<Uint8Array> {
    yield length;
    yield text;
    for (const name of names) yield fromFloat32((weights.get(name) as Weight).data, options.dtype);
  }
  await writeFileDurably(path, chunks());
}

async function readHeader(
  file: FileHandle,
): Promise<{ readonly entries: readonly TensorEntry[]; readonly dataStart: number }> {
  const { size } = await file.stat();
  if (size < 8) throw new RrrError("bad-model", `safetensors: ${size} bytes are too few`);
  const start = Buffer.from((await readExactly(file, 0, 8)).buffer);
  if (start.toString() === "version ") {
    throw new RrrError("bad-model", "it is a note of git-lfs in place of the weights", {
      hint: "Run `git lfs install` and `git lfs pull` in the model's folder.",
    });
  }
  const length = start.readBigUInt64LE();
  if (length > MAX_HEADER_BYTES || length > size - 8) {
    throw new RrrError("bad-model", `safetensors: a header of ${length} bytes in a file of ${size}`);
  }
  const dataStart = 8 + Number(length);
  const entries = parseSafetensorsHeader(await readExactly(file, 8, Number(length)), size - dataStart);
  return { entries, dataStart };
}

/** Reads in pieces: beside the floats, a large tensor takes no second array, and one read has at most 2 GiB. */
async function readTensor(
  file: FileHandle,
  position: number,
  dtype: Dtype,
  data: Float32Array,
): Promise<void> {
  for (let done = 0; done < data.length; done += PIECE) {
    const part = data.subarray(done, done + PIECE);
    const width = bytesPerElement[dtype];
    const from = position + done * width;
    if (dtype === "F32")
      await fillExactly(file, from, new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
    else part.set(toFloat32(await readExactly(file, from, part.length * width), dtype));
  }
}

async function readExactly(file: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  await fillExactly(file, position, bytes);
  return bytes;
}

async function fillExactly(file: FileHandle, position: number, bytes: Uint8Array): Promise<void> {
  for (let filled = 0; filled < bytes.length; ) {
    const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, position + filled);
    if (bytesRead === 0) throw new RrrError("bad-model", "safetensors: the file ended early");
    filled += bytesRead;
  }
}
