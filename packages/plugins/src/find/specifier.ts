/** What a user may mean by a plugin's name. */
import type { PluginKind } from "./kind.ts";

/** Whether a name is a path to a file or folder rather than a package's name. */
export function isPath(name: string): boolean {
  return /^(\.{1,2}([\\/]|$)|[\\/]|~[\\/]|[a-zA-Z]:[\\/])/.test(name) || /\.([cm]?js|m?ts)$/.test(name);
}

/** Packages that a name may stand for, best first: `countdown` is `@rrr/task-countdown` before anything else. */
export function candidatePackages(name: string, kind: PluginKind): readonly string[] {
  const isShort = !name.includes("/");
  return isShort ? [`@rrr/${kind}-${name}`, `rrr-${kind}-${name}`, name] : [name];
}

/** What a package is a plugin for by its name; undefined where the name does not say. */
export function kindOfPackage(name: string): PluginKind | undefined {
  return /^(?:@rrr\/|(?:@[^/]+\/)?rrr-)(task|engine)-./.exec(name)?.[1] as PluginKind | undefined;
}

/** The short name that stands for a package; a package without one goes by its own. */
export function shortName(packageName: string): string {
  return packageName.replace(/^(@rrr\/|rrr-)(task|engine)-/, "");
}
