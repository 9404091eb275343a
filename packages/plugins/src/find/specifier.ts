/** What a user may mean by a plugin's name. */

/** Whether a name is a path to a file or folder rather than a package's name. */
export function isPath(name: string): boolean {
  return /^(\.{1,2}([\\/]|$)|[\\/]|~[\\/]|[a-zA-Z]:[\\/])/.test(name) || /\.([cm]?js|m?ts)$/.test(name);
}

/** Packages that a name may stand for, best first: `countdown` is `@rrr/task-countdown` before anything else. */
export function candidatePackages(name: string): readonly string[] {
  const isShort = !name.includes("/");
  return isShort ? [`@rrr/task-${name}`, `rrr-task-${name}`, name] : [name];
}

/** Whether a package is a task plugin by its name: what the list of installed plugins shows. */
export function isPluginPackage(name: string): boolean {
  return /^(@rrr\/task-|(@[^/]+\/)?rrr-task-)./.test(name);
}

/** The short name that stands for a package; a package without one goes by its own. */
export function shortName(packageName: string): string {
  return packageName.replace(/^(@rrr\/task-|rrr-task-)/, "");
}
