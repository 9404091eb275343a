import { RrrError } from "@rrr/core";
import {
  episodeText,
  findRun,
  openRunReader,
  type ReportFormat,
  type RunReader,
  reportIn,
  runState,
  runText,
  type StoredEpisode,
  storedResult,
} from "@rrr/runs";
import { print, printJson, say, stdout } from "../output/print.ts";
import { terminalColumns } from "../output/terminal-columns.ts";

export interface ShowSettings {
  readonly problem?: number;
  readonly failed?: true;
  readonly format?: ReportFormat;
  readonly json?: true;
}

/** `rrr show`. @throws RrrError `bad-run`, `bad-argument` */
export function show(name: string, { problem, failed, format, json }: ShowSettings): void {
  const reader = openRunReader(findRun(name, process.cwd()).folder);
  try {
    if (format !== undefined) print(reportIn(format, storedResult(reader), runState(reader.run)));
    else if (problem !== undefined || failed) showEpisodes(reader, problem, toFilter(problem, failed), json);
    else showRun(reader, json);
  } finally {
    reader.close();
  }
}

function showRun(reader: RunReader, json: true | undefined): void {
  if (!json) {
    print(runText(reader, { columns: terminalColumns(stdout) }));
    return;
  }
  const { identity: _, ...run } = reader.run;
  const result = reader.stages.length === 0 ? null : storedResult(reader);
  printJson({ ...run, result, checkpoints: reader.checkpoints() });
}

function toFilter(
  problem: number | undefined,
  failed: true | undefined,
): (episode: StoredEpisode) => boolean {
  return (episode) =>
    (problem === undefined || episode.problem === problem) && (!failed || isFailed(episode));
}

function isFailed({ kind, turns }: StoredEpisode): boolean {
  return kind !== "solved" && !turns.some(({ role, verdict }) => role === "retry" && verdict === "pass");
}

function showEpisodes(
  reader: RunReader,
  problem: number | undefined,
  isWanted: (episode: StoredEpisode) => boolean,
  json: true | undefined,
): void {
  let shown = 0;
  for (const stage of reader.stages) {
    for (const episode of reader.episodes(stage)) {
      if (!isWanted(episode)) continue;
      shown++;
      const item: unknown = JSON.parse(episode.item);
      if (json) printJson({ ...episode, item });
      else print(`${episodeText(episode)}\n`);
    }
  }
  if (shown > 0) return;
  if (problem === undefined) {
    say(`rrr: no problem of ${reader.run.folder} failed or errored\n`);
    return;
  }
  throw new RrrError("bad-argument", `${reader.run.folder} has no such problem`, {
    hint: "Problems are counted from 0; `rrr show <run>` says how many there are.",
  });
}
