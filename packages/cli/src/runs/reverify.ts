import { type IsolationSettings, isolatePlugin, loadTask } from "@rrr/plugins";
import { type ChangedVerdict, count, openRunReader, reverify } from "@rrr/runs";
import { print, printJson } from "../output/print.ts";
import { trustedTask } from "./trusted-task.ts";

export interface ReverifyFlags extends IsolationSettings {
  readonly plugin?: string;
  /** As `plugin=./my-task.mjs` each. */
  readonly allow?: readonly string[];
  readonly json?: true;
}

/** `rrr reverify`. @throws RrrError as loading the plugin does */
export async function reverifyRun(name: string, flags: ReverifyFlags): Promise<void> {
  const cwd = process.cwd();
  const { run, module, options } = await trustedTask(name, flags, cwd);
  const loaded = await loadTask(module, options, cwd);
  const reader = openRunReader(run.folder);
  const task = await isolatePlugin(loaded, options, flags).catch((error) => {
    reader.close();
    throw error;
  });
  const tally = { verdicts: 0, toPass: 0, toFail: 0, toInvalid: 0 };
  try {
    for await (const { verdicts, changed } of reverify(reader, task)) {
      tally.verdicts += verdicts;
      for (const verdict of changed) {
        tally[verdict.is === "pass" ? "toPass" : verdict.is.startsWith("fail") ? "toFail" : "toInvalid"]++;
        if (flags.json) printJson({ kind: "flip", ...verdict });
        else print(`${flipLine(verdict)}\n`);
      }
    }
  } finally {
    reader.close();
    await task.close();
  }
  const { verdicts, toPass, toFail, toInvalid } = tally;
  const changed = toPass + toFail + toInvalid;
  const text = `${count(verdicts)} verdicts checked, ${count(changed)} changed: ${toPass} to pass, ${toFail} to fail, ${toInvalid} to invalid.\n`;
  if (flags.json) printJson({ kind: "counts", ...tally, changed });
  else print(text);
}

function flipLine({ stage, problem, sample, role, was, is, text }: ChangedVerdict): string {
  const words = text.replace(/\s+/g, " ");
  const short = words.length <= 60 ? words : `…${words.slice(-59)}`;
  return `${stage} ${problem}${sample === 0 ? "" : `.${sample}`} ${role}: ${was} → ${is}: ${short}`;
}
