import { readFileSync } from "node:fs";
import type { Task } from "@rrr/core";
import { packageRoot } from "../package-root.ts";

/** The version of the contract that this rrr runs. */
const SUPPORTED: Task["spec"] = "rrr/task@1";

export interface SpecProblem {
  readonly message: string;
  readonly hint: string;
}

/**
 * What is wrong with the version of the contract that a plugin is written for, and which package to update. What is no
 * version at all is left to the check of the task.
 * @param name the plugin's package, if it has one
 */
export function specProblem(spec: unknown, name: string | undefined): SpecProblem | undefined {
  const version = typeof spec === "string" ? /^rrr\/task@(\d+)$/.exec(spec)?.[1] : undefined;
  if (version === undefined || spec === SUPPORTED) return undefined;
  const isNewer = Number(version) > Number(SUPPORTED.split("@")[1]);
  return {
    message: `written for ${spec}, and rrr ${ownVersion()} runs ${SUPPORTED}`,
    hint: isNewer ? "Update rrr." : updateHint(name),
  };
}

function updateHint(name: string | undefined): string {
  return name === undefined
    ? `Write the task for ${SUPPORTED}.`
    : `Update ${name}: npm install ${name}@latest.`;
}

function ownVersion(): string {
  return JSON.parse(readFileSync(new URL("package.json", packageRoot), "utf8")).version;
}
