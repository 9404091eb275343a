import { join } from "node:path";
import { checkKind } from "@rrr/core/database";

/** Before a run is written. @throws RrrError `bad-run` */
export function checkRunFiles(folder: string): void {
  for (const name of ["result.json", "report.txt"]) checkKind(join(folder, name), "file", "bad-run");
  checkKind(join(folder, "checkpoints"), "folder", "bad-run");
}
