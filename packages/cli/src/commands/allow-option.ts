import type { Command } from "commander";
import { nonEmpty } from "./option-values.ts";

/** `--allow`: what a run that was begun elsewhere may use. */
export function addAllowOption(command: Command): Command {
  return command.option(
    "--allow <what=name>",
    "let a run that was not begun here use this; the error names what it wants. May be given again",
    (text: string, before: readonly string[] = []) => [...before, nonEmpty(text)],
  );
}
