import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeDirDurably, writeFileDurably } from "./durable.ts";
import { temporaryDir } from "./fixtures/temporary-dir.ts";

test("a file is replaced whole", async () => {
  const path = join(await temporaryDir(), "file");
  await writeFileDurably(path, "first");
  await writeFileDurably(path, [Buffer.from("sec"), Buffer.from("ond")]);
  expect(await readFile(path, "utf8")).toBe("second");
});

test("a write that fails half-way leaves the old file alone", async () => {
  const dir = await temporaryDir();
  const path = join(dir, "file");
  await writeFileDurably(path, "old");
  function* failing(): Generator<Uint8Array> {
    yield Buffer.from("half of the n");
    throw new Error("disk on fire");
  }
  await expect(writeFileDurably(path, failing())).rejects.toThrow("disk on fire");
  expect(await readdir(dir)).toEqual(["file"]);
  expect(await readFile(path, "utf8")).toBe("old");
});

test("a folder appears with all that is in it, or not at all", async () => {
  const root = await temporaryDir();
  const dir = join(root, "a", "b");
  const failed = writeDirDurably(dir, async (temporary) => {
    await writeFile(join(temporary, "x"), "1");
    throw new Error("killed");
  });
  await expect(failed).rejects.toThrow("killed");
  expect(await readdir(join(root, "a"))).toEqual([]);
  await mkdir(dir);
  await writeDirDurably(dir, async (temporary) => {
    await mkdir(join(temporary, "sub"));
    await writeFile(join(temporary, "sub", "x"), "1");
    expect(await readdir(dir)).toEqual([]);
  });
  expect(await readFile(join(dir, "sub", "x"), "utf8")).toBe("1");
  await expect(writeDirDurably(dir, async () => {})).rejects.toMatchObject({ code: "bad-argument" });
});
