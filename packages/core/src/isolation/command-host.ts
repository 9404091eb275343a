import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import type { Socket } from "node:net";
import { messageOf } from "../errors.ts";
import { show } from "../show.ts";
import { type CommandAnswer, readCommandAnswer } from "./command-answer.ts";
import type { CommandSettings } from "./command-verifier.ts";
import { endWithProgram } from "./end-with-program.ts";
import { createFairClock, TICK_MS } from "./fair-clock.ts";
import type { Host, Report } from "./host.ts";
import { createLineReader } from "./line-reader.ts";

/** Fewer than this many unanswered, and it is sent more: a program never waits for work. */
const MOST_UNANSWERED = 256;
/** How much of what it last said on standard error an error message repeats. */
const STDERR_TAIL = 1_000;

/** Runs a program that answers lines with lines. Its clock is that of the oldest question without an answer. */
export function startCommand(what: string, settings: CommandSettings, report: Report): Host {
  const { command, args = [], cwd, env } = settings;
  const child: ChildProcessWithoutNullStreams = spawn(command, args, { cwd, env, windowsHide: true });
  const forget = endWithProgram(child);
  /** Limits by question, oldest first. */
  const unanswered = new Map<number, number>();
  let newest = -1;
  let hasAnswered = false;
  let hasEnded = false;
  let stderr = "";
  const clock = createFairClock(tick);
  /** What it is at work on, since when by that clock. */
  let current: { readonly id: number; readonly limitMs: number; readonly since: number } | undefined;

  function finish(code: "verifier-failed" | "verifier-timeout", reason: string, guilty?: number): void {
    if (hasEnded) return;
    hasEnded = true;
    clock.stop();
    forget();
    child.kill("SIGKILL");
    const said = stderr.trim() === "" ? "" : `; it last wrote: ${stderr.trim().slice(-STDERR_TAIL)}`;
    const error = { code, message: `${what} ${reason}${said}` };
    const isFruitless = !hasAnswered && guilty === undefined;
    report({ kind: "ended", error, isFruitless, ...(guilty === undefined ? {} : { guilty }) });
  }

  /** A program reads its lines in order, so it is at work on the oldest since it answered the one before. */
  function wind(): void {
    const [oldest] = unanswered;
    if (oldest === undefined) {
      current = undefined;
      clock.stop();
    } else if (oldest[0] !== current?.id) {
      clock.start();
      const [id, limitMs] = oldest;
      current = { id, limitMs, since: clock.now() };
    }
  }

  function tick(): void {
    if (current === undefined || clock.now() - current.since <= current.limitMs + TICK_MS) return;
    const { id, limitMs } = current;
    finish("verifier-timeout", `took longer than ${limitMs} ms, and was killed`, id);
  }

  function read(line: string): CommandAnswer | undefined {
    const answer = readCommandAnswer(what, line);
    if (answer !== undefined && answer.id <= newest) return answer;
    // Whatever it was at: the oldest. Its own answer, if it comes after all, is for nobody.
    const [id] = unanswered.keys();
    const message = `${what} wrote a line that is no answer: ${show(line)}`;
    const hint =
      "Standard output is for answers alone, with the id of their question; log to standard error.";
    return id === undefined ? undefined : { id, verdict: { code: "verifier-failed", message, hint } };
  }

  function reportAnswers(answers: readonly CommandAnswer[]): void {
    const ids = answers.map(({ id }) => id);
    const verdicts = answers.map(({ verdict }) => verdict);
    const isFree = unanswered.size < MOST_UNANSWERED;
    report({ kind: "answers", count: ids.length, answers: { ids, verdicts }, isFree });
  }

  const readLines = createLineReader(
    (lines) => {
      if (hasEnded) return;
      hasAnswered = true;
      const answers: CommandAnswer[] = [];
      for (const line of lines) {
        const answer = read(line);
        if (answer === undefined) continue;
        unanswered.delete(answer.id);
        answers.push(answer);
      }
      wind();
      reportAnswers(answers);
    },
    () => finish("verifier-failed", "wrote a line without end", unanswered.keys().next().value),
  );
  child.stdout.setEncoding("utf8").on("data", readLines);
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    process.stderr.write(text);
    stderr = (stderr + text).slice(-STDERR_TAIL);
  });
  // What is wrong is said by its end.
  child.stdin.on("error", () => {});
  child.on("spawn", () => report({ kind: "ready" }));
  child.on("error", (error) => finish("verifier-failed", `could not be started: ${messageOf(error)}`));
  child.on("close", (code, signal) =>
    finish("verifier-failed", `ended by ${signal === null ? `itself (exit code ${code})` : signal}`),
  );

  return {
    ask({ questions, timeoutMs }) {
      const lines: string[] = [];
      const refused: CommandAnswer[] = [];
      for (const { id, item, completion } of questions) {
        newest = id;
        try {
          lines.push(`${JSON.stringify({ id, item, completion })}\n`);
          unanswered.set(id, timeoutMs);
        } catch (error) {
          const message = `an item cannot be written as JSON: ${messageOf(error)}`;
          refused.push({ id, verdict: { code: "bad-item", message } });
        }
      }
      child.stdin.write(lines.join(""));
      wind();
      reportAnswers(refused);
    },
    hold(isNeeded) {
      const parts = [child, child.stdin, child.stdout, child.stderr] as unknown as readonly Socket[];
      for (const part of parts) isNeeded ? part.ref() : part.unref();
    },
    async end() {
      hasEnded = true;
      clock.stop();
      forget();
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
      child.ref();
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}
