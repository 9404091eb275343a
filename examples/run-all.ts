/**
 * Runs every numbered example and holds docs/write-a-task.md to the file that it shows: `pnpm start` here.
 * Exit code 1 if one fails.
 */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const failed: string[] = [];

for (const name of readdirSync(here).filter((file) => /^\d\d-.*\.ts$/.test(file))) {
  const started = Date.now();
  console.log(`\n== ${name}`);
  const { status } = spawnSync(process.execPath, ["--import", "tsx", name], { cwd: here, stdio: "inherit" });
  console.log(
    `== ${name}: ${status === 0 ? "passed" : "failed"} in ${Math.round((Date.now() - started) / 1000)} s`,
  );
  if (status !== 0) failed.push(name);
}

const page = readFileSync(new URL("../docs/write-a-task.md", import.meta.url), "utf8");
const shown = readFileSync(new URL("tasks/backwards.ts", import.meta.url), "utf8");
if (!page.includes(`\`\`\`ts\n${shown}\`\`\``))
  failed.push("docs/write-a-task.md differs from tasks/backwards.ts");

if (failed.length > 0) {
  console.error(`\nfailed: ${failed.join(", ")}`);
  process.exitCode = 1;
}
