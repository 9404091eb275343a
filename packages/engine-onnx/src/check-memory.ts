import { freemem, totalmem } from "node:os";
import { RrrError } from "@rrr/core";
import { baseModelDir, type LoraSettings, readModelConfig } from "@rrr/trainer";
import { DOING, estimateMemory, gib, SMALL_BYTES, totalOf, type Use, weightBytes } from "./memory.ts";
import { planMemory } from "./memory-plan.ts";

/** Bytes that this process can still take: of the machine, and of a container's limit where there is one. */
function availableMemory(): number {
  // What macOS calls free leaves out what it would give at once: there it is all that the machine has.
  const machine = process.platform === "darwin" ? totalmem() : freemem();
  const limit = process.constrainedMemory();
  const left = limit > 0 && limit < 2 ** 53 ? limit - process.memoryUsage().rss : Number.POSITIVE_INFINITY;
  return Math.min(machine, left);
}

/** What is asked of the engine. `limit`: bytes that it may take. */
interface Asked {
  readonly adapter?: LoraSettings | undefined;
  readonly rows?: number | undefined;
  readonly limit?: number | undefined;
}

/**
 * Refuses a model that the memory is too small for, from its config.json alone. Small ones fit, or fail soon.
 * @throws out-of-memory
 */
export async function checkMemory(
  dir: string,
  use: Use,
  { adapter, rows, limit }: Asked = {},
  available: number = availableMemory(),
): Promise<void> {
  const config = await readModelConfig(await baseModelDir(dir));
  const needed =
    limit === undefined
      ? estimateMemory(config, use, adapter)
      : totalOf(planMemory(config, use, limit, { adapter, rows }).parts);
  if (weightBytes(config) < SMALL_BYTES || needed <= available) return;
  const lora = estimateMemory(config, "lora");
  const hint =
    use !== "sample" && lora <= available
      ? `Train ${use === "full" ? "an adapter" : "a smaller one"} instead, which takes about ${gib(lora)}: --lora 16.`
      : "Take a smaller model, or a machine with more memory.";
  throw new RrrError(
    "out-of-memory",
    `${dir}: about ${gib(needed)} are needed ${DOING[use]} this model, and ${gib(available)} are free`,
    { hint: `${hint} --engine.checkMemory false tries it all the same.` },
  );
}
