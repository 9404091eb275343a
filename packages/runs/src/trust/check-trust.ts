import { RrrError, visibleLine } from "@rrr/core";
import type { RunSpec } from "../spec/run-spec.ts";
import { type StoredRun, specOf } from "../store/stored-run.ts";
import { isKnown } from "./known-runs.ts";
import { located, type Wanted, wantedBy } from "./wanted.ts";

/** What whoever resumes a run lets it use, beyond what this user asked for when it began. */
export interface TrustOptions {
  /** As the error names them: `plugin=./my-task.mjs`, `server=http://127.0.0.1:8080/v1`, `key=MY_KEY`. */
  readonly allow?: readonly string[];
}

/**
 * What a run names beyond its own folder and nobody here has named: empty for a run that was begun here.
 * @param wanted what it would use. Default: all that its spec names
 * @throws RrrError `bad-run` for one that an older version wrote
 */
export function untrusted(
  run: StoredRun,
  { allow = [] }: TrustOptions,
  cwd: string,
  wanted: (spec: RunSpec, cwd: string) => readonly Wanted[] = wantedBy,
): readonly Wanted[] {
  const spec = specOf(run);
  if (isKnown(spec)) return [];
  const allowed = new Set(allow.flatMap((each) => [each, withPath(each, cwd)]));
  return wanted(spec, cwd).filter((each) => !allowed.has(allowance(each)));
}

/** How a wanted thing is allowed: what `--allow` takes. */
export function allowance({ kind, value }: Wanted): string {
  return `${kind}=${value}`;
}

function withPath(allowed: string, cwd: string): string {
  const [kind = "", ...value] = allowed.split("=");
  return `${kind}=${located(value.join("="), cwd)}`;
}

/** @throws RrrError `bad-run` that names what is wanted, and how to allow it */
export function refuseUntrusted({ folder }: StoredRun, wanted: readonly Wanted[]): void {
  if (wanted.length === 0) return;
  const named = wanted.map(({ kind, value }) => `${kind} ${visibleLine(value)}`).join(", ");
  const flags = wanted.map((each) => `--allow ${quoted(shownAllowance(each))}`).join(" ");
  throw new RrrError(
    "bad-run",
    `${folder} was not begun here, and names ${named}; nothing was read, sent or run`,
    {
      hint: `If you trust all of it, add: ${flags}`,
    },
  );
}

/** A wanted thing as it is shown: on one line, with nothing hidden in it. */
export function shownAllowance(wanted: Wanted): string {
  return visibleLine(allowance(wanted));
}

/** As one word for a shell. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
