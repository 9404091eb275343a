/** A way to run TensorFlow.js, by what one installs for it. */
export type BackendName = "node-gpu" | "node" | "wasm" | "cpu";

export interface Candidate {
  readonly name: BackendName;
  /** What one installs. */
  readonly package: string;
  /** What the package calls the backend that it registers. */
  readonly registered: "tensorflow" | "wasm" | "cpu";
  /** Whether the package is a backend alone: the API is then in the `tfjs-core` that it registers with. */
  readonly isBackend: boolean;
}

/** The fastest first. */
export const CANDIDATES: readonly Candidate[] = [
  { name: "node-gpu", package: "@tensorflow/tfjs-node-gpu", registered: "tensorflow", isBackend: false },
  { name: "node", package: "@tensorflow/tfjs-node", registered: "tensorflow", isBackend: false },
  { name: "wasm", package: "@tensorflow/tfjs-backend-wasm", registered: "wasm", isBackend: true },
  { name: "cpu", package: "@tensorflow/tfjs", registered: "cpu", isBackend: false },
  { name: "cpu", package: "@tensorflow/tfjs-backend-cpu", registered: "cpu", isBackend: true },
];

/**
 * Tokens that are computed at once. Nothing else is done in this process meanwhile, Ctrl-C included: as many as make the
 * backend little slower.
 */
export const BATCH_TOKENS: Readonly<Record<BackendName, number>> = {
  "node-gpu": 1024,
  node: 1024,
  wasm: 512,
  cpu: 64,
};

export const BACKENDS: readonly BackendName[] = [...new Set(CANDIDATES.map(({ name }) => name))];
