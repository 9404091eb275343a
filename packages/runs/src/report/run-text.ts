import { basename } from "node:path";
import { type Completion, messageOf, visible } from "@rrr/core";
import type { RunReader, StoredEpisode, StoredTurn } from "../read/run-reader.ts";
import { runState } from "../read/run-state.ts";
import { storedResult } from "../read/stored-result.ts";
import { reportText, unfinishedNote } from "./report-text.ts";
import { type Layout, wrapText } from "./wrap-text.ts";

/** A run in words: what it was, how far it came, its table. */
export function runText(reader: RunReader, layout: Layout = {}): string {
  const { folder, command, error, startedAt, endedAt, rrrVersion } = reader.run;
  const state = runState(reader.run);
  const steps = reader.steps().length;
  const facts = [
    ["folder", folder],
    ["command", `rrr ${command}, version ${rrrVersion}`],
    ["status", error === undefined ? state : `${state}: ${error}`],
    ["started", startedAt],
    ["ended", endedAt ?? "–"],
    ...(steps === 0 ? [] : [["steps", String(steps)]]),
    ...checkpointFact(reader),
  ];
  const head = facts
    .map(([name = "", value = ""]) => `${wrapText(value, layout, name.padEnd(9))}\n`)
    .join("");
  return `${head}\n${tableOf(reader, layout)}`;
}

/** What may be taken as a model, or resumed from. */
function checkpointFact(reader: RunReader): readonly (readonly string[])[] {
  const names = reader
    .checkpoints()
    .map(({ folder, isMeasured }) => `${basename(folder)}${isMeasured ? " (measured)" : ""}`);
  return names.length === 0 ? [] : [["saved", `checkpoints/: ${names.join(", ")}`]];
}

function tableOf(reader: RunReader, layout: Layout): string {
  try {
    const state = runState(reader.run);
    const isFinished = state === "finished";
    const result = storedResult(reader);
    const text = reportText(result, { ...layout, isFinished });
    if (isFinished) return text;
    const note = `This run is ${unfinishedNote(state, result.after ?? result.before)}`;
    return `${text}\n${wrapText(note, layout)}\n`;
  } catch (error) {
    return `${wrapText(messageOf(error), layout)}\n`;
  }
}

/** Every text of an episode, with the verdicts, and what the model thought where its server says that apart. */
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
  const blocks = turns.flatMap((turn) => {
    const { text, reasoning, finish, verdict, code, detail } = turn;
    const role = roleOf(turn, turns);
    if (finish === "error") return [`── ${role}: error ${code}\n${detail}`];
    const judged = verdict === null ? "" : `: ${[verdict, code, detail].filter(Boolean).join(", ")}`;
    const thought = reasoning === null ? [] : [`── ${role}, its reasoning\n${reasoning}`];
    return [...thought, `── ${role}${judged}${cutOff(finish)}\n${text}`];
  });
  const trouble = error === null ? [] : [`── error${error_turn === null ? "" : `, ${error_turn}`}\n${error}`];
  return visible(`${[`${place}: ${kind}`, item, ...blocks, ...trouble].join("\n")}\n`);
}

/** A retry without a reflection is a fresh attempt where it was shown what the attempt was. */
function roleOf({ role, prompt }: StoredTurn, [attempt]: readonly StoredTurn[]): string {
  return role === "blind" && prompt !== null && prompt === attempt?.prompt ? "fresh attempt" : role;
}

function cutOff(finish: Completion["finish"]): string {
  return finish === "length" ? " (cut off at the token limit)" : "";
}
