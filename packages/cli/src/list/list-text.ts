import type { InstalledPlugin } from "./list-plugins.ts";

const FROM: Readonly<Record<InstalledPlugin["from"], string>> = {
  project: "this project",
  rrr: "came with rrr",
  global: "installed globally",
};

/** A line a plugin, in columns. */
export function listText(plugins: readonly InstalledPlugin[]): string {
  const rows = plugins.map((plugin) => [
    plugin.name,
    `${plugin.package} ${plugin.version ?? "(no version)"}`,
    plugin.spec ?? "(no spec)",
    FROM[plugin.from],
    plugin.description ?? "",
  ]);
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(0, ...rows.map((row) => (row[column] as string).length)),
  );
  const lines = rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return lines.map((line) => `${line}\n`).join("");
}
