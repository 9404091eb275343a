import type { Json } from "@rrr/tinker-protocol";
import type { EngineCapabilities } from "@rrr/trainer";
import type { Reduction } from "./carrier.ts";

/** What a server is known for, where nothing on the wire says it. */
export interface ServerProfile {
  readonly fixed: EngineCapabilities["fixed"];
  /** Seeds of 32 bits mean what the contract says, and several samples of a call are those of its keys. */
  readonly exactSeeds: boolean;
}

/**
 * SkyRL 0.4.0 names its metrics `skyrl.ai/…`. Its JAX backend, which averages over datums, never clips, and weight decay
 * would change the adapters of others too. Its other backends, which sum, take the rate alone; the rest is their
 * configuration, whose defaults these are.
 * @see https://github.com/NovaSky-AI/SkyRL
 */
export function profileOf(capabilities: Json, metrics: Json, reduction: Reduction): ServerProfile {
  const own = capabilities.rrr;
  const exactSeeds = typeof own === "object" && own !== null && (own as Json).seeds === "uint32";
  if (!Object.keys(metrics).some((name) => name.startsWith("skyrl.ai/"))) return { fixed: {}, exactSeeds };
  const fixed =
    reduction === "datum-mean"
      ? { weightDecay: 0, maxGradNorm: 0 }
      : { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01, maxGradNorm: 1 };
  return { fixed, exactSeeds };
}
