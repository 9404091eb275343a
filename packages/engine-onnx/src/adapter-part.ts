import { createHash } from "node:crypto";
import type { ModelFiles, StoredModel, Weights } from "@rrr/trainer";
import {
  type Adapter,
  hashWeights,
  mergeAdapter,
  modelCard,
  modelName,
  readLicense,
  writeAdapterDir,
} from "@rrr/trainer";
import { adapterOf, type Parameters } from "./decoder/parameters.ts";

/** What an engine that trains an adapter does besides. */
export interface AdapterPart {
  /** What the trained values were when the engine was opened. */
  readonly opened: Float32Array;
  /** Names what stays as it is: the base, and the adapter's scales. Hashed when it is first asked for. */
  frozen(): string;
  /** The model that base and adapter make. */
  merged(): Weights;
  /** Writes the adapter alone, in PEFT's layout. */
  write(dir: string): Promise<StoredModel>;
}

export function createAdapterPart(
  { config, weights }: ModelFiles,
  adapter: Adapter,
  parameters: Parameters,
  folder: string | undefined,
): AdapterPart {
  const opened = parameters.values.slice();
  let base: string | undefined;
  const baseHash = (): string => {
    base ??= hashWeights(weights);
    return base;
  };
  const now = (): Adapter => adapterOf(parameters, parameters.values, adapter);
  return {
    opened,
    frozen: () => {
      const scales = JSON.stringify([...parameters.scales]);
      return createHash("sha256").update(baseHash()).update(scales).digest("hex");
    },
    merged: () => mergeAdapter(weights, now()),
    async write(dir) {
      const name = folder === undefined ? "unknown" : modelName(folder);
      const license = folder === undefined ? undefined : await readLicense(folder);
      const card = modelCard({ base: name, license, adapter, made: "It was trained with rrr." });
      await writeAdapterDir(
        dir,
        now(),
        config,
        { name, folder, sha256: baseHash() },
        new Map([["README.md", card]]),
      );
      return { kind: "folder", path: dir, layout: "peft" };
    },
  };
}
