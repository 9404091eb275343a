// `rrr init` from a program: a package with a task of one's own, in a folder that is not there yet.
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { initTask } from "@rrr/cli";

const cwd = mkdtempSync(join(tmpdir(), "rrr-example-"));
const folder = initTask("squares", { template: "minimal", cwd });
console.log(`${folder}: ${readdirSync(join(cwd, folder), { recursive: true }).sort().join(", ")}`);
rmSync(cwd, { recursive: true });
