/** What bin/rrr.js starts. */
import { divertInput, divertOutput } from "@rrr/core/isolation";
import { CommanderError } from "commander";
import { joinNamedOptions } from "./commands/named-options.ts";
import { blameConfig } from "./config/apply-config.ts";
import { exit, failWith, finish, refuseOtherEnds } from "./output/finish.ts";
import "./output/input.ts";
import { stdout } from "./output/print.ts";
import { printError, toErrorReport } from "./output/report-error.ts";
import { stuck } from "./output/stuck.ts";
import { createProgram } from "./program.ts";
import { isHangupIgnored } from "./run/hangup.ts";

// A reader that has seen enough (`| head`) is no error. `rrr run` listens itself: see run/on-interruption.ts.
stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  exit(0);
});
// There is nobody left who could be told.
process.stderr.on("error", () => {});

// Started by nohup, it goes on when its terminal is closed; Node has made that its end.
if (isHangupIgnored()) process.on("SIGHUP", () => {});

const json = process.argv.includes("--json");
divertInput();
divertOutput();
refuseOtherEnds(json);

const program = createProgram();
try {
  await Promise.race([program.parseAsync(joinNamedOptions(process.argv)), stuck()]);
} catch (thrown) {
  const error = blameConfig(thrown, program);
  if (error instanceof CommanderError && /^commander\.(help|version)/.test(error.code)) {
    // Help that was not asked for: the command line lacks something.
    failWith(error.exitCode === 0 ? 0 : 2);
  } else {
    const report = toErrorReport(error);
    printError(report, error, json);
    failWith(report.exitCode);
  }
}
await finish(json);
