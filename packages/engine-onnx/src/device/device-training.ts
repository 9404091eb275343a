import {
  createSession,
  type DeviceMemory,
  type Resident,
  type Session,
  type SessionOptions,
} from "@rrr/autodiff";
import type { AdamSettings, OptimReport } from "@rrr/trainer";
import { isWeight } from "@rrr/trainer";
import { divergedTraining, type Optimiser } from "@rrr/trainer/local";
import { adamGraph, adamScalars, squaresGraph } from "./adam-graph.ts";
import { type DeviceArrays, holdZeros, readInto, writeFrom } from "./device-arrays.ts";
import type { DeviceParameters } from "./device-parameters.ts";

/** Gradient and optimiser on a device, and what goes between it and the arrays that states are saved from. */
export interface DeviceTraining {
  /** What training graphs add to. */
  readonly gradients: DeviceArrays;
  /** Steps on it, as the optimiser of this process does. */
  readonly optimiser: DeviceOptimiser;
  /** Brings weights and optimiser state as they are now into the arrays of this process. */
  toHost(): Promise<void>;
  /** Takes both from there. */
  fromHost(): void;
  close(): Promise<void>;
}

export interface DeviceOptimiser extends Pick<Optimiser, "state" | "add" | "clear"> {
  step(settings: AdamSettings): Promise<OptimReport>;
}

type Step = Session<ReturnType<typeof adamGraph>["signs"]>;

export function createDeviceTraining(
  { inputs: layout, values, weights }: DeviceParameters,
  memory: DeviceMemory,
  options: SessionOptions,
): DeviceTraining {
  const gradients = holdZeros(memory, layout);
  const means = holdZeros(memory, layout);
  const squares = holdZeros(memory, layout);
  const state = { step: 0, mean: new Float32Array(layout.size), square: new Float32Array(layout.size) };
  /** Whether the arrays above, and `values`, are behind what is on the device. */
  let isBehind = false;
  const norm = once(() => createSession(squaresGraph(layout), options));
  /** One for each shape: a graph of all tensors would hold all of them twice. */
  const steps = new Map<string, Promise<Step>>();
  const stepFor = (shape: readonly number[]): Promise<Step> => {
    const key = shape.join();
    const { signs, next } = adamGraph(shape);
    const session = steps.get(key) ?? createSession(signs, { ...options, resident: next });
    steps.set(key, session);
    return session;
  };

  const clear = (): void => {
    for (const gradient of gradients.values()) memory.write(gradient);
  };

  const add = (): void => {
    throw new Error("batches on a device are added up there");
  };

  const step = async (settings: AdamSettings): Promise<OptimReport> => {
    const { squares: total } = await (await norm.get()).run(Object.fromEntries(gradients));
    const gradNorm = Math.sqrt(total[0] as number);
    if (!Number.isFinite(gradNorm)) {
      clear();
      throw divergedTraining(`the gradient's norm is ${gradNorm}`);
    }
    state.step++;
    isBehind = true;
    let largest = 0;
    for (const [name, { shape }] of layout.placements) {
      const [weight, mean, square] = [weights, means, squares].map((arrays) => arrays.get(name)) as [
        Resident,
        Resident,
        Resident,
      ];
      const scalars = adamScalars(settings, state.step, gradNorm, shape.length > 1);
      const gradient = gradients.get(name) as Resident;
      const session = await stepFor(shape);
      const found = await session.run(
        { ...scalars, ...{ weight, mean, square, gradient } },
        { keep: { "next weight": weight, "next mean": mean, "next square": square } },
      );
      largest = Math.max(largest, found.largest[0] as number);
      if (!Number.isFinite(found.squares[0])) largest = Number.NaN;
    }
    clear();
    if (!isWeight(largest)) throw divergedTraining(`a weight is ${largest}`);
    return { gradNorm };
  };

  const pairs = [
    [weights, values],
    [means, state.mean],
    [squares, state.square],
  ] as const;
  return {
    gradients,
    optimiser: { state, add, step, clear },
    async toHost() {
      if (!isBehind) return;
      for (const [arrays, flat] of pairs) await readInto(memory, layout, arrays, flat);
      isBehind = false;
    },
    fromHost() {
      for (const [arrays, flat] of pairs) writeFrom(memory, layout, arrays, flat);
      isBehind = false;
    },
    async close() {
      await norm.close();
      for (const session of steps.values()) await (await session.catch(() => undefined))?.close();
    },
  };
}

/** Opened when it is first wanted. */
function once<T extends { close(): Promise<void> }>(open: () => Promise<T>) {
  let opened: Promise<T> | undefined;
  return {
    get(): Promise<T> {
      opened ??= open();
      return opened;
    },
    async close(): Promise<void> {
      await (await opened?.catch(() => undefined))?.close();
    },
  };
}
