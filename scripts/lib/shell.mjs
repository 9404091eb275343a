/** The commands of a shell script that a reader would type one after the other. */
import { spawnSync } from "node:child_process";

/** A command may go over several lines: one that a shell cannot parse yet goes on in the next. */
export function commandsOf(script) {
  const commands = [];
  let pending = "";
  for (const line of script.split("\n")) {
    pending += pending === "" ? line : `\n${line}`;
    if (pending.endsWith("\\") || !parses(pending)) continue;
    const command = withoutComment(pending).trim();
    if (command !== "") commands.push(command);
    pending = "";
  }
  return pending === "" ? commands : [...commands, pending];
}

function parses(command) {
  return spawnSync("bash", ["-n", "-c", command], { stdio: "ignore" }).status === 0;
}

function withoutComment(command) {
  return command.replace(/(^|[ \t]+)# [^\n]*$/, "");
}
