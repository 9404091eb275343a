/**
 * The file that a host starts from. Node 20 runs no TypeScript, and its threads take no loader: a checkout has the
 * files in dist/ as well.
 */
export function entry(name: "verifier-thread" | "verifier-process"): URL {
  const isSource = import.meta.url.endsWith(".ts");
  return new URL(`${isSource ? "../../dist" : "."}/${name}.js`, import.meta.url);
}
