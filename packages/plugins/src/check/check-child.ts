/** The program that check-process.ts starts; built as a file of its own. */

import { messageOf, RrrError } from "@rrr/core";
import { testTask } from "@rrr/core/testing";
import { loadTask } from "../load/load-task.ts";
import { checkIsolated } from "./check-isolated.ts";
import type { CheckMessage, Refusal } from "./check-message.ts";
import type { CheckRequest } from "./check-process.ts";
import { endWithCommand } from "./end-with-command.ts";

endWithCommand();
const { plugin, options, seed, count } = JSON.parse(process.argv[2] as string) as CheckRequest;

// Only what the plugin takes counts against the command's patience, not the start of this process.
say({ kind: "checking", codes: ["broken"], what: "loading it" });
try {
  const loaded = await loadTask(plugin, options, process.cwd());
  const { task, file } = loaded;
  const { name, spec, gold, feedback = false, testOnly = false } = task;
  say({ kind: "loaded", task: { name, spec, file, hasGold: gold !== undefined, feedback, testOnly } });
  const findings = await testTask(task, { seed, count, onProgress: say });
  // What is wrong here is wrong there.
  if (findings.length === 0) {
    say({ kind: "checking", codes: ["verdict-varies"], what: "its verifier in a process of its own" });
    const finding = await checkIsolated(loaded, options, seed);
    if (finding !== undefined) say({ kind: "finding", finding });
  }
  say({ kind: "end" });
} catch (thrown) {
  say({ kind: "error", error: toRefusal(thrown) });
}

function toRefusal(thrown: unknown): Refusal {
  if (!RrrError.is(thrown)) return { code: "plugin-failed", message: messageOf(thrown), hint: undefined };
  return { code: thrown.code, message: thrown.message, hint: thrown.hint };
}

function say(message: CheckMessage): void {
  process.send?.(message);
}
