import { join, relative } from "node:path";
import { HUB_URL, type PullEvent, type PulledModel, pullModel } from "@rrr/models";
import { count, duration } from "@rrr/runs";
import { parseConfig } from "@rrr/trainer";
import { size } from "../cache/cache-text.ts";
import { createDisplay } from "../display/create-display.ts";
import type { Display } from "../display/progress.ts";
import { print, printJson, say } from "../output/print.ts";
import { onInterruption } from "../run/on-interruption.ts";

export interface PullFlags {
  readonly revision: string;
  readonly out?: string;
  readonly quiet?: true;
  readonly json?: true;
}

/** What goes by sooner needs no progress. */
const SHOWN_AFTER_MS = 2_000;

/** `rrr pull`. @throws RrrError `pull-failed`, `bad-model`, `bad-argument` */
export async function pull(id: string, { revision, out, quiet, json }: PullFlags): Promise<void> {
  const folder = out ?? join("models", id.split("/").at(-1) as string);
  const { HF_ENDPOINT: endpoint, HF_TOKEN: token } = process.env;
  const display = createDisplay(quiet === true);
  const ignore = onInterruption(() => {
    display.close();
    say("stopped; what came is kept: the same command goes on\n");
  });
  const events = pullModel(id, {
    folder,
    revision,
    endpoint: endpoint || HUB_URL,
    ...(token ? { token } : {}),
    checkConfig: parseConfig,
  });
  try {
    const started = performance.now();
    let next = await events.next();
    while (!next.done) {
      const isLong = performance.now() - started >= SHOWN_AFTER_MS;
      if (next.value.kind !== "progress" || isLong) show(display, id, next.value);
      next = await events.next();
    }
    display.close();
    for (const line of linesAbout(next.value)) display.note(line);
    if (json) printJson(next.value);
    else print(`${relative(process.cwd(), next.value.folder) || "."}\n`);
  } catch (error) {
    display.close();
    throw error;
  } finally {
    ignore();
  }
}

function show(display: Display, id: string, event: PullEvent): void {
  switch (event.kind) {
    case "plan": {
      const { files, bytes, here, commit, adapterOf } = event;
      display.note(`${id} at ${commit.slice(0, 12)}: ${count(files.length)} files, ${size(bytes)}`);
      if (here > 0) display.note(`${size(here)} of it are here already`);
      if (adapterOf !== undefined)
        display.note(`it is an adapter of ${adapterOf}, which is a pull of its own`);
      break;
    }
    case "progress":
      display.update({
        stage: "pull",
        done: Math.floor(event.done / 1_000_000),
        total: Math.ceil(event.total / 1_000_000),
        unit: "MB",
        facts: [["file", event.file]],
      });
      break;
    case "retry":
      display.note(`${event.what}: ${event.problem}; again in ${duration(event.waitMs / 1_000)}`);
      break;
  }
}

function linesAbout({ files, wasThere }: PulledModel): readonly string[] {
  const unknown = files.filter(({ hash }) => hash === undefined).map(({ name }) => name);
  const isSure = unknown.length === 0;
  const checked = isSure
    ? "each file has the size and the hash that the hub has of it"
    : "all sizes are right";
  return [
    wasThere ? `is there already; ${checked}` : `whole; ${checked}`,
    ...(isSure ? [] : [`not verified, as the hub has no hash of them: ${unknown.join(", ")}`]),
  ];
}
