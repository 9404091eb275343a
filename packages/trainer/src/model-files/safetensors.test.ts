import { open, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryDir } from "../fixtures/temporary-dir.ts";
import { MICRO_CONFIG } from "../testing/micro-model.ts";
import { readSafetensors, writeSafetensors } from "./safetensors.ts";
import { initWeights } from "./weights.ts";

const weights = initWeights(MICRO_CONFIG, 1);

test("32-bit floats come back bit for bit, in whatever order they were given", async () => {
  const path = join(await temporaryDir(), "model.safetensors");
  await writeSafetensors(path, weights, { dtype: "F32" });
  const first = await readFile(path);
  expect(Object.fromEntries(await readSafetensors(path))).toEqual(Object.fromEntries(weights));
  await writeSafetensors(path, new Map([...weights].reverse()), { dtype: "F32" });
  expect((await readFile(path)).equals(first)).toBe(true);
});

test("brain floats keep two to three digits in half the bytes", async () => {
  const path = join(await temporaryDir(), "model.safetensors");
  await writeSafetensors(path, weights, { dtype: "BF16" });
  for (const [name, { data }] of await readSafetensors(path)) {
    const original = weights.get(name)?.data ?? [];
    data.forEach((value, i) => {
      expect(Math.abs(value - (original[i] ?? 0))).toBeLessThanOrEqual(Math.abs(original[i] ?? 0) / 256);
    });
  }
});

test.each(["F32", "BF16"] as const)("a tensor of %s that is read in pieces is whole", async (dtype) => {
  const path = join(await temporaryDir(), "model.safetensors");
  const data = Float32Array.from({ length: 2 ** 22 + 3 }, (_, i) => (i % 251) - 125);
  await writeSafetensors(path, new Map([["x", { shape: [data.length], data }]]), { dtype });
  const read = (await readSafetensors(path)).get("x")?.data;
  expect(read?.length).toBe(data.length);
  expect(data.findIndex((value, i) => read?.[i] !== value)).toBe(-1);
});

test("reads the bytes that the format's description gives as its layout", async () => {
  const path = join(await temporaryDir(), "model.safetensors");
  const header = '{"x":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}';
  const file = Buffer.alloc(8 + header.length + 8);
  file.writeBigUInt64LE(BigInt(header.length));
  file.write(header, 8);
  file.writeFloatLE(1.5, 8 + header.length);
  file.writeFloatLE(-2, 12 + header.length);
  await writeFile(path, file);
  expect(await readSafetensors(path)).toEqual(
    new Map([["x", { shape: [1, 2], data: Float32Array.of(1.5, -2) }]]),
  );
});

test("every truncation is refused, and the message names the file", async () => {
  const path = join(await temporaryDir(), "model.safetensors");
  const small = new Map([["x", { shape: [3], data: Float32Array.of(1, 2, 3) }]]);
  await writeSafetensors(path, small, { dtype: "F32" });
  const whole = await readFile(path);
  for (let length = 0; length < whole.length; length++) {
    await writeFile(path, whole.subarray(0, length));
    await expect(readSafetensors(path)).rejects.toMatchObject({ code: "bad-model" });
  }
  await expect(readSafetensors(path)).rejects.toThrow(path);
  await expect(readSafetensors(`${path}.missing`)).rejects.toMatchObject({ code: "bad-model" });
});

test("a header that claims more than the file holds is not allocated", async () => {
  const path = join(await temporaryDir(), "model.safetensors");
  for (const claimed of [2n ** 63n, 100_000_001n, 99_999_999n]) {
    const start = Buffer.alloc(8);
    start.writeBigUInt64LE(claimed);
    await writeFile(path, start);
    await expect(readSafetensors(path)).rejects.toThrow(`a header of ${claimed} bytes in a file of 8`);
  }
  // A sparse file of 100 MB and more: the limit holds even where the bytes are there.
  const file = await open(path, "r+");
  await file.truncate(100_000_020);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(100_000_001n);
  await file.write(length, 0, 8, 0);
  await file.close();
  await expect(readSafetensors(path)).rejects.toThrow("a header of 100000001 bytes");
});

test("a failed write leaves the old file and nothing else", async () => {
  const dir = await temporaryDir();
  const path = join(dir, "model.safetensors");
  await writeSafetensors(path, weights, { dtype: "F32" });
  const broken = new Map([...weights, ["z", { shape: [1], data: undefined as unknown as Float32Array }]]);
  await expect(writeSafetensors(path, broken, { dtype: "F32" })).rejects.toThrow();
  expect(await readdir(dir)).toEqual(["model.safetensors"]);
  expect((await readSafetensors(path)).size).toBe(weights.size);
});
