import type { Verifier } from "../task.ts";
import { startCommand } from "./command-host.ts";
import { pooledVerifier } from "./isolate.ts";
import { createPool } from "./pool.ts";

/** A program that verifies. It is started without a shell. */
export interface CommandSettings {
  readonly command: string;
  readonly args?: readonly string[];
  /** Default: the working directory. */
  readonly cwd?: string;
  /** Default: this program's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** How many of it run at once. Default 1. */
  readonly processes?: number;
}

/** A verifier in another language, until it is closed. */
export type CommandVerifier<Item> = Verifier<Item> & {
  /** Ends the program; verdicts that are still waited for are `aborted`. */
  close(): Promise<void>;
};

/**
 * A verifier in any language: a program that reads a JSON object a line, `{"id", "item", "completion"}`, and writes
 * one for each, `{"id", "kind": "pass"}`, `{"id", "kind": "fail", "code"}` or `{"id", "kind": "invalid", "message"}`.
 * It is started at the first question, kept, killed when a verdict takes too long, and restarted when it ends.
 * @see docs/verifiers-in-other-languages.md
 * @example
 * const verify = commandVerifier<Item>({ command: "python3", args: ["check.py"] });
 * const task = defineTask({ name: "even", schema, items, prompt, verify });
 * await verify.close();
 */
export function commandVerifier<Item>(settings: CommandSettings): CommandVerifier<Item> {
  const { command, args = [], processes = 1 } = settings;
  const what = `the verifier \`${[command, ...args].join(" ")}\``;
  const pool = createPool(what, processes, (report) => startCommand(what, settings, report));
  return Object.assign(pooledVerifier<Item>(pool), { close: () => pool.close() });
}
