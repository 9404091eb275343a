import { type Command, Option } from "commander";

export function addIsolationOption(command: Command): Command {
  const says = "where the verifier runs (default: process; none for the tasks of @rrr)";
  return command.addOption(new Option("--isolate <where>", says).choices(["worker", "process", "none"]));
}
