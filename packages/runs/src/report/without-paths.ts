import { win32 } from "node:path";

/**
 * Folders of a machine are nobody's business: their last parts stand for them.
 * @param values what the text was made from, in which paths stand by themselves
 */
export function withoutPaths(text: string, values: unknown): string {
  // The longest first, so that none is left as the end of another.
  const known = [...pathsIn(values)].sort((a, b) => b.length - a.length);
  const short = known.reduce((all, path) => {
    const inJson = JSON.stringify(path).slice(1, -1);
    return all.replaceAll(inJson, win32.basename(path)).replaceAll(path, win32.basename(path));
  }, text);
  // Any other path from the root, e.g. in a sentence.
  return short.replaceAll(/(?<![\w.:/])\/(?:[^\s/"'`]+\/)+([^\s/"'`]+)/g, "$1");
}

/** All texts of a value that are absolute paths, of any system. */
function* pathsIn(value: unknown): Generator<string> {
  if (typeof value === "string") {
    if (/[/\\].*[^/\\]/.test(value) && (win32.isAbsolute(value) || /^file:/i.test(value))) yield value;
  } else if (typeof value === "object" && value !== null) {
    for (const each of Object.values(value)) yield* pathsIn(each);
  }
}
