/** Runs from elsewhere: what they say of themselves may be anything. */
import { join } from "node:path";
import Database from "libsql";

/**
 * Changes what a run says of itself.
 * @param columns of its row
 * @param spec values by their paths, as `model.name`
 */
export function changeRun(
  folder: string,
  columns: Readonly<Record<string, string>>,
  spec: Readonly<Record<string, unknown>>,
): void {
  const db = new Database(join(folder, "run.db"));
  for (const [name, value] of Object.entries(columns)) db.prepare(`UPDATE run SET ${name} = ?`).run(value);
  const change = db.prepare("UPDATE run SET spec = json_set(spec, ?, json(?))");
  for (const [path, value] of Object.entries(spec)) change.run(`$.${path}`, JSON.stringify(value));
  db.close();
}

/** It says a text wherever it says something. */
export function sayOfItself(folder: string, text: string): void {
  const safe = text.replaceAll("\0", "");
  const columns = { task: safe, model: safe, error: safe, status: "failed", rrr_version: safe.slice(0, 100) };
  changeRun(folder, columns, { "task.options.x": safe, "model.name": safe });
}
