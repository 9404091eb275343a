import type { StoredEpisode, StoredTurn } from "../read/run-reader.ts";
import type { EpisodeEntry, EpisodePath } from "./index-tables.ts";
import { plainWords } from "./plain-words.ts";

/** Characters of a preview's halves. */
const PROBLEM = 120;
const ANSWER = 100;

/** Of a longer text the rest is not searched: nobody reads that far, and an index of it would be as large as the run. */
const SEARCHED = 200_000;

/** What the list shows of an episode. */
export function toEpisodeEntry(episode: StoredEpisode): EpisodeEntry {
  const { id, stage, part, step, problem, sample, item, reward, advantage, error_code } = episode;
  const turns = ownTurns(episode);
  const failed = turns.findLast(({ verdict }) => verdict === "fail");
  const path = pathOf(episode, turns);
  const answer = turns.at(-1)?.text ?? "";
  const counts = turns.map(({ tokens }) => tokens);
  return {
    ...{ id, stage, part, step, problem, sample, path, reward, advantage },
    code: error_code ?? (path === "solved" || path === "fail-pass" ? null : (failed?.code ?? null)),
    cut: Number(turns.some(({ finish }) => finish === "length")),
    tokens: counts.includes(null) ? null : counts.reduce<number>((sum, count) => sum + (count ?? 0), 0),
    preview: `${oneLine(item, PROBLEM)}\n${oneLine(answer, ANSWER)}`,
  };
}

/** All that a search looks into: the problem, the answers and thoughts, controls too, the reasons of verdicts, the error. */
export function searchedText({ item, turns, error }: StoredEpisode): string {
  const texts = turns.flatMap(({ text, reasoning, code, detail }) => [text, reasoning, code, detail]);
  return [item, error, ...texts]
    .filter((text) => text !== null && text !== "")
    .map((text) => plainWords((text as string).slice(0, SEARCHED)))
    .join(" ");
}

function pathOf({ kind, stage }: StoredEpisode, turns: readonly StoredTurn[]): EpisodePath {
  if (kind === "failed") return stage === "mine" ? "mined" : "unfinished";
  if (kind !== "reflected") return kind;
  return turns.findLast(({ verdict }) => verdict !== null)?.verdict === "pass" ? "fail-pass" : "fail-fail";
}

/** Without the controls'. */
function ownTurns({ turns }: StoredEpisode): readonly StoredTurn[] {
  return turns.filter(({ role }) => role === "attempt" || role === "reflection" || role === "retry");
}

function oneLine(text: string, most: number): string {
  const start = text
    .slice(0, 4 * most)
    .replaceAll(/\s+/g, " ")
    .trim();
  return start.length <= most ? start : `${start.slice(0, most - 1)}…`;
}
