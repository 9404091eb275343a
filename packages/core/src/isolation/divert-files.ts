import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { devNull } from "node:os";

type Divert = (target: unknown) => unknown;
type Functions = Record<string, ((...args: unknown[]) => unknown) | undefined>;

/**
 * Gives functions of `fs`, also those that wait or promise, another file than they were called with.
 * Streams of `fs` call these in turn.
 */
export function divertFiles(names: readonly string[], divert: Divert): void {
  for (const of of [fs, fs.promises] as unknown as readonly Functions[]) {
    for (const name of names.flatMap((each) => [each, `${each}Sync`])) {
      const original = of[name];
      if (original === undefined) continue;
      const diverting = (target: unknown, ...args: unknown[]): unknown =>
        original.call(of, divert(target), ...args);
      // With what `util.promisify` looks for.
      of[name] = Object.defineProperties(diverting, Object.getOwnPropertyDescriptors(original));
    }
  }
  syncBuiltinESMExports();
}

/** Who closes one of these descriptors, as streams do at their end, closes another: this one is not theirs. */
export function keepOpen(...descriptors: readonly number[]): void {
  divertFiles(["close"], (target) =>
    descriptors.includes(target as number) ? fs.openSync(devNull, "r") : target,
  );
}
