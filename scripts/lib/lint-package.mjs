/** publint and are-the-types-wrong on one packed package; a warning of either is a failure. */
import { tool } from "./process.mjs";

/** @param exec runs a command to its end, throws where it fails */
export async function lintPackage(tarball, exec) {
  await exec(process.execPath, [tool("publint/src/cli.js"), "run", tarball, "--strict"]);
  const attw = tool("@arethetypeswrong/cli/dist/index.js");
  await exec(process.execPath, [attw, tarball, "--profile", "esm-only", "--format", "table", "--no-summary"]);
}
