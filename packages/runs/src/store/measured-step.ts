import { openDatabase } from "./database.ts";
import type { StoredRun } from "./stored-run.ts";
import { trainingEnd } from "./training-rows.ts";

/** The step whose checkpoint was chosen to be measured after training; undefined where none was, and the last one counts. */
export function measuredStep({ folder, spec }: Pick<StoredRun, "folder" | "spec">): number | undefined {
  if (spec?.plan.kind !== "train" || spec.plan.rails === undefined) return undefined;
  const db = openDatabase(folder, "read");
  try {
    return trainingEnd(db)?.measured;
  } finally {
    db.close();
  }
}
