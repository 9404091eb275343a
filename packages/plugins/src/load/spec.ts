import { readFileSync } from "node:fs";
import { KINDS, type PluginKind } from "../find/kind.ts";
import { packageRoot } from "../package-root.ts";

export interface SpecProblem {
  readonly message: string;
  readonly hint: string;
}

/**
 * What is wrong with the version of the contract that a plugin is written for, and which package to update. What is no
 * version at all is left to the check of the plugin.
 * @param name the plugin's package, if it has one
 */
export function specProblem(
  spec: unknown,
  name: string | undefined,
  kind: PluginKind,
): SpecProblem | undefined {
  const supported = KINDS[kind].spec;
  const [prefix, known] = supported.split("@");
  const version = typeof spec === "string" && spec.startsWith(`${prefix}@`) ? spec.split("@")[1] : "";
  if (!/^\d+$/.test(version ?? "") || spec === supported) return undefined;
  const isNewer = Number(version) > Number(known);
  return {
    message: `written for ${spec}, and rrr ${ownVersion()} runs ${supported}`,
    hint: isNewer ? "Update rrr." : updateHint(name, kind),
  };
}

function updateHint(name: string | undefined, kind: PluginKind): string {
  return name === undefined
    ? `Write the ${kind} for ${KINDS[kind].spec}.`
    : `Update ${name}: npm install ${name}@latest.`;
}

function ownVersion(): string {
  return JSON.parse(readFileSync(new URL("package.json", packageRoot), "utf8")).version;
}
