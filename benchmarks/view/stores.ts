/** Runs as rrr writes them, row by row instead of episode by episode: a million would take an hour. */
import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { createRandom } from "@rrr/core";
import Database from "libsql";
import { createRunStore } from "../../packages/runs/src/store/run-store.ts";
import { runHeader } from "../../packages/runs/test/run-header.ts";

const WORDS =
  "the numbers should reflect what is asked first then multiply add subtract divide check again because wrong target left over each once used answer step".split(
    " ",
  );
const GROUP = 8;
const STEPS = 100;

/** Half of the episodes are evaluated problems, half are of training, in groups of eight. @returns bytes of its database */
export function fillRun(folder: string, episodes: number): number {
  mkdirSync(folder, { recursive: true });
  const problems = episodes / 2;
  const plan = {
    kind: "train",
    problems,
    train: { steps: STEPS },
    evaluation: { controls: false, greedy: false },
  } as const;
  const header = runHeader("countdown", plan);
  const store = createRunStore(folder, { ...header, identity: { task: { name: "countdown", problems } } });
  store.end("stopped");
  store.close();
  const db = new Database(join(folder, "run.db"));
  db.exec("PRAGMA synchronous = OFF");
  const item = db.prepare("INSERT INTO item VALUES (?, ?, ?)");
  const message = db.prepare("INSERT INTO message VALUES (?, ?, NULL, 'user', ?, NULL)");
  const episode = db.prepare(
    "INSERT INTO episode VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL, ?, ?, ?, ?, NULL, NULL, ?, '2026-11-30T00:00:00.000Z')",
  );
  const turn = db.prepare(
    "INSERT INTO turn VALUES (?, ?, ?, ?, ?, NULL, ?, 60, ?, 0, 0, ?, ?, ?, NULL, NULL)",
  );
  const outcome = db.prepare("INSERT INTO outcome VALUES ('before', ?, 0, ?, ?)");
  const news = db.prepare("INSERT INTO news (kind, stage, episode, step) VALUES ('episode', ?, ?, ?)");
  const step = db.prepare(
    "INSERT INTO step VALUES (?, 0.5, ?, 0, 0, 1000, 90, 0.1, 0.1, 0.01, 0.3, 0, 0.5, 0.001, 1, 1, '2026-11-30T00:00:00.000Z')",
  );
  const random = createRandom(1);
  const text = (words: number): string =>
    Array.from({ length: words }, () => WORDS[random.int(WORDS.length)]).join(" ");
  const texts = Array.from({ length: 5_000 }, () => text(90));
  const some = (id: number): string =>
    `${texts[(id * 7919) % texts.length]} ${id % 1_000 === 77 ? `needle${((id / 1_000) % 100) | 0}` : id}`;
  db.exec("BEGIN");
  for (let s = 1; s <= STEPS; s++) step.run(s, Math.ceil(problems / STEPS / GROUP));
  const perStep = problems / STEPS;
  for (let id = 1; id <= episodes; id++) {
    const isTraining = id > problems;
    const within = id - problems - 1;
    const problem = isTraining ? Math.floor((within % perStep) / GROUP) : id - 1;
    const at = isTraining ? Math.floor(within / perStep) + 1 : null;
    const group = isTraining ? Math.floor(within / GROUP) : 0;
    if (!isTraining || within % GROUP === 0) {
      item.run(id, `i${id}`, JSON.stringify({ numbers: [id % 97, id % 89, id % 83], target: id % 1_009 }));
      message.run(id, `m${id}`, `Using the numbers ${id % 97}, ${id % 89}, make ${id % 1_009}.`);
    }
    const of = isTraining ? problems + group * GROUP + 1 : id;
    const isErrored = id % 50 === 49;
    const isSolved = !isTraining && id % 3 === 0;
    const isSaved = id % 4 === 1;
    const kind = isErrored ? "errored" : isSolved ? "solved" : "reflected";
    const reward = isTraining && !isErrored ? Number(isSaved) : null;
    const advantage = reward === null ? null : reward - 0.25;
    const code = isErrored ? "model-failed" : null;
    episode.run(
      ...[id, isTraining ? "train" : "before", isTraining ? null : "episodes", at, problem],
      ...[isTraining ? within % GROUP : 0, kind, of, reward, advantage, code, code, isTraining ? null : 1],
    );
    news.run(isTraining ? "train" : "before", id, at);
    if (isErrored) continue;
    const failed = id % 5 === 0 ? "no-answer" : "wrong-value";
    turn.run(
      id,
      0,
      "attempt",
      of,
      some(id),
      "stop",
      90,
      isSolved ? "pass" : "fail",
      isSolved ? null : failed,
      null,
    );
    if (!isSolved) {
      turn.run(
        id,
        1,
        "reflection",
        of,
        some(id + 1),
        id % 11 === 0 ? "length" : "stop",
        80,
        null,
        null,
        null,
      );
      const verdict = isSaved ? "pass" : "fail";
      turn.run(
        id,
        2,
        "retry",
        of,
        some(id + 2),
        "stop",
        90,
        verdict,
        isSaved ? null : failed,
        "it is not the target",
      );
    }
    if (!isTraining) {
      outcome.run(problem, "first", isSolved ? "pass" : "fail");
      outcome.run(problem, "after", isSolved || isSaved ? "pass" : "fail");
    }
  }
  db.exec("COMMIT");
  db.close();
  return statSync(join(folder, "run.db")).size;
}

/** Finished evaluations of twenty problems. */
export function storeRuns(cwd: string, runs: number): void {
  for (let i = 0; i < runs; i++) {
    const folder = join(cwd, "runs", `run-${i}`);
    mkdirSync(folder, { recursive: true });
    const header = runHeader("countdown", { kind: "evaluate", problems: 20 });
    const store = createRunStore(folder, {
      ...header,
      identity: { task: { name: "countdown", problems: 20 } },
    });
    const record = store.record("evaluate");
    for (let problem = 0; problem < 20; problem++) {
      const verdict = { kind: "pass" } as const;
      const attempt = { prompt: [], completion: { text: "x", finish: "stop" }, verdict } as const;
      const episode = { kind: "solved", item: problem, attempt } as const;
      record.add({
        part: "episodes",
        problem,
        sample: 0,
        seconds: 0,
        episode,
        outcomes: { first: true, after: true },
      });
    }
    const rate = { passed: 20, of: 20, missing: 0, value: 1, low: 0.84, high: 1 };
    store.endEvaluation("evaluate", { first: rate, after: rate });
    store.end("finished");
    store.close();
  }
}
