import { type ListedRun, widthOf } from "@rrr/runs";
import { expect, onTestFinished, test, vi } from "vitest";
import { runsText } from "./runs-text.ts";

const runs: readonly ListedRun[] = [
  {
    name: "20261121-141650-countdown",
    ...{ command: "run", task: "countdown", model: "builtin", status: "finished" },
    ...{ startedAt: "2026-11-21T14:16:50.000Z", bytes: 24_300_000, errored: 2 },
    ...{
      problems: 200,
      first: { value: 0.145, low: 0.1, high: 0.2 },
      after: { value: 0.285, low: 0.23, high: 0.35 },
    },
  },
  {
    name: "large",
    ...{ command: "eval", task: "countdown", model: "openai:large", status: "finished" },
    ...{ startedAt: "2026-11-21T09:00:00.000Z", bytes: 90_112, errored: 3 },
    ...{ problems: 40, first: { value: 0.5, low: 0.35, high: 0.65 } },
    after: { low: 0.48, high: 0.86, bounds: [0.625, 0.7] },
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
    large                                                      eval  openai:large                      finished    40        50.0 %     62.5 to 70.0 %    3        countdown         2026-11-21 09:00  90.1 kB
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
    large            openai:large     finished    40        50.0 %  62.5 to     3        countdown   2026-11-21  90.1 kB
                                                                    70.0 %                           09:00
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
    large            openai:large     finished    50.0 %  62.5 to     3        countdown   2026-11-21
                                                          70.0 %                           09:00
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
    large            finished    50.0 %  62.5 to     3        countdown   2026-11-21
                                         70.0 %                           09:00
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
    large            finished    50.0 %  62.5 to     3
                                         70.0 %
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
