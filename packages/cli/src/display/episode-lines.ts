import { type Attempt, type Episode, visibleLine } from "@rrr/core";
import { fit } from "./fit.ts";

/** Of a text longer than any line, the rest is not looked at. */
const MOST_CHARACTERS = 2_000;
const NAME_WIDTH = "reflection".length;

/** An episode, a turn a line, each cut to the terminal; what a model wrote in it cannot steer the terminal. */
export function episodeLines(episode: Episode, columns: number): readonly string[] {
  const { attempt } = episode;
  const turns: readonly (readonly [name: string, mark: string, text: string])[] =
    attempt === undefined
      ? [["errored", "!", errorOf(episode)]]
      : [
          ["problem", " ", attempt.prompt.findLast(({ role }) => role === "user")?.content ?? ""],
          ["attempt", markOf(attempt), attempt.completion.text],
          ...reflectionOf(episode),
        ];
  return turns.map(([name, mark, text]) =>
    fit(`  ${name.padEnd(NAME_WIDTH)} ${mark} ${oneLine(text)}`, columns),
  );
}

function reflectionOf(episode: Episode): readonly (readonly [string, string, string])[] {
  if (episode.kind === "errored") return [["errored", "!", errorOf(episode)]];
  if (episode.kind === "solved") return [];
  const { completion, retry } = episode.reflection;
  return [
    ["reflection", " ", completion.text],
    ["retry", markOf(retry), retry.completion.text],
  ];
}

function markOf({ verdict }: Attempt): string {
  return verdict.kind === "pass" ? "✓" : "✗";
}

function errorOf(episode: Episode): string {
  return episode.kind === "errored" ? episode.error.message : "";
}

function oneLine(text: string): string {
  return visibleLine(text.slice(0, MOST_CHARACTERS).replaceAll(/\s+/g, " ").trim());
}
