import type { InstalledPlugin } from "@rrr/plugins";
import { columns } from "../output/columns.ts";

const FROM: Readonly<Record<InstalledPlugin["from"], string>> = {
  project: "this project",
  rrr: "came with rrr",
  global: "installed globally",
};

/** A line a plugin, in columns. */
export function listText(plugins: readonly InstalledPlugin[]): string {
  const rows = plugins.map((plugin) => [
    plugin.name,
    plugin.kind,
    `${plugin.package} ${plugin.version ?? "(no version)"}`,
    plugin.spec ?? "(no spec)",
    FROM[plugin.from],
    plugin.broken === undefined ? (plugin.description ?? "") : `BROKEN: ${plugin.broken}`,
  ]);
  return columns(rows);
}
