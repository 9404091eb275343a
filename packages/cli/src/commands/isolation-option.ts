import { type Command, Option } from "commander";

export interface IsolationFlags {
  /** Default: none for tasks that come with rrr, a process for all others. */
  readonly isolate?: "worker" | "process" | "none";
}

export function addIsolationOption(command: Command): Command {
  const says = "where the verifier runs (default: process; none for the tasks of @rrr)";
  return command.addOption(new Option("--isolate <where>", says).choices(["worker", "process", "none"]));
}
