import { execFileSync } from "node:child_process";
import { symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryDir } from "../fixtures/temporary-dir.ts";
import { modelCard, readLicense } from "./model-card.ts";

test.each([
  ["\n                                 Apache License\n   Version 2.0", "Apache License"],
  ["# [MIT License](javascript:alert(1)) <script>\u001b[31m\n", "MIT License(javascriptalert(1)) script31m"],
  ["LLAMA 3.2 COMMUNITY LICENSE AGREEMENT\r\n", "LLAMA 3.2 COMMUNITY LICENSE AGREEMENT"],
  ["Copyright 2024 Somebody\n\nMIT License", undefined],
  ["root:x:0:0:root:/root:/bin/bash\n", undefined],
  ["", undefined],
])("a LICENSE that begins with %j names %j", async (text, expected) => {
  const dir = await temporaryDir();
  await writeFile(join(dir, "LICENSE"), text);
  expect(await readLicense(dir)).toBe(expected);
});

test.skipIf(process.platform === "win32")(
  "a LICENSE that has no end names nothing, and is not waited for",
  async () => {
    const [pipe, device] = [await temporaryDir(), await temporaryDir()];
    execFileSync("mkfifo", [join(pipe, "LICENSE")]);
    await symlink("/dev/zero", join(device, "LICENSE"));
    expect(await readLicense(pipe)).toBeUndefined();
    expect(await readLicense(device)).toBeUndefined();
  },
);

test("a folder's name is no markup of the card", () => {
  const card = modelCard({ base: "a\n## Results\n<b>99 %</b> `x` [y](z)\u202e" });
  expect(card.split("\n").filter((line) => line.startsWith("#"))).toEqual([
    "# A model made from a Resultsb99 %/b x y(z)",
  ]);
  expect(card).toContain('base_model: "a\\n## Results');
  expect(card.slice(card.indexOf("# A model"))).not.toMatch(/[<`]/);
});
