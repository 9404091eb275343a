import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { project } from "../../../plugins/test/plugin-files.ts";
import { runHeader } from "../../test/run-header.ts";
import { databasePath } from "./database.ts";
import { createRunStore } from "./run-store.ts";
import { readStoredRun } from "./stored-run.ts";

test("who reads a run waits for another process that has the file to itself for a moment", async () => {
  const folder = project({});
  const store = createRunStore(folder, runHeader());
  store.end("finished");
  store.close();
  const holder = spawn(process.execPath, [
    "-e",
    `const db = new (require(${JSON.stringify(createRequire(import.meta.url).resolve("libsql"))}))(process.argv[1]);
     db.exec("BEGIN EXCLUSIVE");
     process.stdout.write("held");
     setTimeout(() => process.exit(), 300);`,
    databasePath(folder),
  ]);
  await once(holder.stdout, "data");
  expect(readStoredRun(folder).status).toBe("finished");
  await once(holder, "close");
});
