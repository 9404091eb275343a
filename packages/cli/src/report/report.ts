import { existsSync, realpathSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { RrrError } from "@rrr/core";
import { count, findRun } from "@rrr/runs";
import { createReport, type Report } from "@rrr/server/report";
import { readAssets } from "@rrr/server/view";
import { viewerFolder } from "@rrr/viewer";
import { printJson, say, stdout } from "../output/print.ts";
import { refuseTaken, writeWhole } from "../output/write-whole.ts";
import { ownVersion } from "../own-version.ts";

/** The options of `rrr report`. */
export interface ReportFlags {
  readonly out: string;
  readonly episodes: number;
  /** Megabytes. */
  readonly maxSize: number;
  readonly prompts?: true;
  readonly force?: true;
  readonly json?: true;
}

const MEGABYTE = 1_000_000;
const STDOUT = "-";

/** `rrr report`. @throws RrrError `bad-run`, `bad-argument` */
export async function report(names: readonly string[], flags: ReportFlags): Promise<void> {
  const { out, episodes, maxSize, prompts = false, force = false, json } = flags;
  if (out === STDOUT && json) {
    throw new RrrError("bad-argument", "--json and the report cannot both be on standard output", {
      hint: "Name a file with --out.",
    });
  }
  const folders = names.map((name) => findRun(name, process.cwd()).folder);
  if (out !== STDOUT) {
    refuseRunFolder(out);
    refuseTaken(out, force);
  }
  const made = createReport(folders, {
    assets: readAssets(viewerFolder),
    ...{ episodes, maxBytes: maxSize * MEGABYTE, prompts, version: ownVersion() },
    onRead: progress(),
  });
  if (out === STDOUT) {
    stdout.write(made.html);
    return;
  }
  await writeWhole(out, made.html, force);
  const { bytes, runs, settingsLeftOut } = made;
  if (json) printJson({ file: resolve(out), bytes, runs, prompts, settingsLeftOut });
  else say(`rrr: wrote ${out}: ${sizeText(made)}\n`);
}

const FIRST_MS = 2_000;
const EVERY_MS = 5_000;

/** Says how far it is, of work that takes more than a moment. */
function progress(): (episodes: number) => void {
  let next = performance.now() + FIRST_MS;
  return (episodes) => {
    if (episodes % 1_000 !== 0 || performance.now() < next) return;
    next = performance.now() + EVERY_MS;
    say(`rrr: ${count(episodes)} episodes looked at so far\n`);
  };
}

function sizeText({ bytes, runs }: Report): string {
  const kept = runs.map(({ name, episodes, of }) => {
    const all = `${count(episodes)} of ${count(of)} episodes`;
    return runs.length === 1 ? all : `${all} of ${name}`;
  });
  return `${(bytes / MEGABYTE).toFixed(1)} MB, ${kept.join(", ")}`;
}

/** What lies in a run's folder is the run's. @throws RrrError `bad-argument` */
function refuseRunFolder(out: string): void {
  const parent = dirname(resolve(out));
  if (!existsSync(parent)) return;
  for (let folder = realpathSync(parent); folder !== dirname(folder); folder = dirname(folder)) {
    if (!existsSync(join(folder, "run.db"))) continue;
    throw new RrrError("bad-argument", `${out} lies in the folder of a run, which nothing else writes to`, {
      hint: "Give an --out elsewhere.",
    });
  }
}
