import type { BackendName } from "./candidates.ts";

/** A package that is there and does not load. */
export interface Broken {
  readonly package: string;
  readonly why: string;
}

/** How slow a backend was beside the engine `onnx`. */
interface Slowness {
  /** Times as much processor time for a step of training, and for a sampled token. */
  readonly training: number;
  readonly sampling: number;
}

/** By `bench:tfjs`; docs/tensorflow.md has its figures. The native packages could not be had where it was run. */
const MEASURED: Readonly<Record<BackendName, Slowness | undefined>> = {
  "node-gpu": undefined,
  node: undefined,
  wasm: { training: 10, sampling: 5 },
  cpu: { training: 140, sampling: 50 },
};

const WHAT: Readonly<Record<BackendName, string>> = {
  "node-gpu": "native, on a GPU where it finds one",
  node: "native, on the CPU",
  wasm: "WebAssembly",
  cpu: "plain JavaScript",
};

/** What whoever begins a run should know of what runs it. */
export function noteOf({
  name,
  from,
  version,
  broken,
}: {
  readonly name: BackendName;
  readonly from: string;
  readonly version: string;
  readonly broken: readonly Broken[];
}): string {
  const slow = MEASURED[name];
  const speed =
    slow === undefined
      ? "its speed was not measured"
      : `expect it to need about ${slow.training} times the processor time of --engine onnx to train, and ${slow.sampling} times to sample, on one core`;
  const others = broken.map((each) => ` ${each.package} is installed and does not load: ${each.why}.`);
  return `TensorFlow.js ${version} runs the model with ${from} (${WHAT[name]}); ${speed}.${others.join("")}`;
}
