import { type Completion, messageOf } from "@rrr/core";
import type { RunReader, StoredEpisode } from "../read/run-reader.ts";
import { storedResult } from "../read/stored-result.ts";
import { reportText, unfinishedNote } from "./report-text.ts";

/** A run in words: what it was, how far it came, its table. */
export function runText(reader: RunReader): string {
  const { folder, command, status, error, startedAt, endedAt, rrrVersion } = reader.run;
  const steps = reader.steps().length;
  const facts = [
    ["folder", folder],
    ["command", `rrr ${command}, version ${rrrVersion}`],
    ["status", error === undefined ? status : `${status}: ${error}`],
    ["started", startedAt],
    ["ended", endedAt ?? "–"],
    ...(steps === 0 ? [] : [["steps", String(steps)]]),
  ];
  const head = facts.map(([name, value]) => `${name?.padEnd(9)}${value}\n`).join("");
  return `${head}\n${tableOf(reader)}`;
}

function tableOf(reader: RunReader): string {
  try {
    const { status } = reader.run;
    const isFinished = status === "finished";
    const text = reportText(storedResult(reader), isFinished);
    return isFinished ? text : `${text}\nThis run is ${unfinishedNote(status)}\n`;
  } catch (error) {
    return `${messageOf(error)}\n`;
  }
}

/** Every text of an episode, with the verdicts. */
export function episodeText({
  stage,
  problem,
  sample,
  kind,
  item,
  error,
  error_turn,
  turns,
}: StoredEpisode): string {
  const place = `${stage}, problem ${problem}${sample === 0 ? "" : `, sample ${sample}`}`;
  const blocks = turns.map(({ role, text, finish, verdict, code, detail }) => {
    const judged = verdict === null ? "" : `: ${[verdict, code, detail].filter(Boolean).join(", ")}`;
    return `── ${role}${judged}${cutOff(finish)}\n${text}`;
  });
  const trouble = error === null ? [] : [`── error${error_turn === null ? "" : `, ${error_turn}`}\n${error}`];
  return `${[`${place}: ${kind}`, item, ...blocks, ...trouble].join("\n")}\n`;
}

function cutOff(finish: Completion["finish"]): string {
  return finish === "length" ? " (cut off at the token limit)" : "";
}
