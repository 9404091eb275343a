/** What bin/rrr.js starts. */
import { CommanderError } from "commander";
import { joinNamedOptions } from "./commands/named-options.ts";
import { blameConfig } from "./config/apply-config.ts";
import { printError, toErrorReport } from "./output/report-error.ts";
import { stuck } from "./output/stuck.ts";
import { createProgram } from "./program.ts";

// A reader that has seen enough (`| head`) is no error. `rrr run` listens itself: see run/on-interruption.ts.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});
// There is nobody left who could be told.
process.stderr.on("error", () => {});

const program = createProgram();
try {
  await Promise.race([program.parseAsync(joinNamedOptions(process.argv)), stuck()]);
} catch (thrown) {
  const error = blameConfig(thrown, program);
  if (error instanceof CommanderError && /^commander\.(help|version)/.test(error.code)) {
    // Help that was not asked for: the command line lacks something.
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else {
    const report = toErrorReport(error);
    printError(report, error, process.argv.includes("--json"));
    process.exitCode = report.exitCode;
  }
}
