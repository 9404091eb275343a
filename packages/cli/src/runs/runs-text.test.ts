import { type ListedRun, widthOf } from "@rrr/runs";
import { expect, onTestFinished, test, vi } from "vitest";
import { runsText } from "./runs-text.ts";

const runs: readonly ListedRun[] = [
  {
    name: "20261121-141650-countdown",
    ...{ command: "run", task: "countdown", model: "builtin", status: "finished" },
    ...{ startedAt: "2026-11-21T14:16:50.000Z", bytes: 24_300_000, errored: 2 },
    ...{ problems: 200, first: 0.145, after: 0.285 },
  },
  {
    name: "a-rather-long-name-of-a-run-that-somebody-chose-with-care",
    ...{ command: "eval", task: "function-calling", model: "openai:a-model/with-quite-a-name" },
    ...{ status: "stopped", startedAt: "2026-11-20T23:59:00.000Z", bytes: 81_920, errored: 0 },
    ...{ problems: undefined, first: undefined, after: undefined },
  },
  { name: "damaged", error: "not a database", bytes: 12 },
];

function inUtc(): void {
  vi.stubEnv("TZ", "UTC");
  onTestFinished(() => void vi.unstubAllEnvs());
}

test("without a limit every column is there", () => {
  inUtc();
  expect(runsText(runs)).toMatchInlineSnapshot(`
    "run                                                              model                                         problems  first try  after reflection  errored  task              started (local)   size
    20261121-141650-countdown                                  run   builtin                           finished    200       14.5 %     28.5 %            2        countdown         2026-11-21 14:16  24.3 MB
    a-rather-long-name-of-a-run-that-somebody-chose-with-care  eval  openai:a-model/with-quite-a-name  stopped     –         –          –                 0        function-calling  2026-11-20 23:59  81.9 kB
    damaged                                                                                            unreadable                                                                                      12 B
    "
  `);
});

test("narrow terminals lack columns, and are told which", () => {
  inUtc();
  expect([120, 100, 80, 60].map((columns) => runsText(runs, { columns })).join("\n")).toMatchInlineSnapshot(`
    "run              model                        problems  first   after       errored  task        started     size
                                                            try     reflection                       (local)
    20261121-141650  builtin          finished    200       14.5 %  28.5 %      2        countdown   2026-11-21  24.3 MB
    -countdown                                                                                       14:16
    a-rather-long-n  openai:a-model/  stopped     –         –       –           0        function-c  2026-11-20  81.9 kB
    ame-of-a-run-th  with-quite-a-na                                                     alling      23:59
    at-somebody-cho  me
    se-with-care
    damaged                           unreadable                                                                 12 B

    Left out for want of space: command. A wider terminal, a pipe and --json have them.

    run              model                        first   after       errored  task        started
                                                  try     reflection                       (local)
    20261121-141650  builtin          finished    14.5 %  28.5 %      2        countdown   2026-11-21
    -countdown                                                                             14:16
    a-rather-long-n  openai:a-model/  stopped     –       –           0        function-c  2026-11-20
    ame-of-a-run-th  with-quite-a-na                                           alling      23:59
    at-somebody-cho  me
    se-with-care
    damaged                           unreadable

    Left out for want of space: command, size, problems. A wider terminal, a pipe and --json have them.

    run                          first   after       errored  task        started
                                 try     reflection                       (local)
    20261121-141650  finished    14.5 %  28.5 %      2        countdown   2026-11-21
    -countdown                                                            14:16
    a-rather-long-n  stopped     –       –           0        function-c  2026-11-20
    ame-of-a-run-th                                           alling      23:59
    at-somebody-cho
    se-with-care
    damaged          unreadable

    Left out for want of space: command, size, problems, model. A wider terminal, a
    pipe and --json have them.

    run                          first   after       errored
                                 try     reflection
    20261121-141650  finished    14.5 %  28.5 %      2
    -countdown
    a-rather-long-n  stopped     –       –           0
    ame-of-a-run-th
    at-somebody-cho
    se-with-care
    damaged          unreadable

    Left out for want of space: command, size, problems, model,
    task, started (local). A wider terminal, a pipe and --json
    have them.
    "
  `);
});

test("no line is longer than the terminal, and no name is cut", () => {
  for (let columns = 60; columns <= 180; columns += 7) {
    const text = runsText(runs, { columns });
    expect(widthOf(text)).toBeLessThanOrEqual(columns);
    const names =
      text
        .split("\n\n")[0]
        ?.split("\n")
        .map((line) => line.split(/ {2,}/)[0]) ?? [];
    for (const { name } of runs) expect(names.join("")).toContain(name);
    expect(text).toContain("28.5 %");
  }
});
