import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { CountdownItem } from "./item.ts";
import { verifyCountdown } from "./verify.ts";

interface Reported {
  readonly task: string;
  readonly item: CountdownItem;
  readonly completion: string;
  readonly verdict: "pass" | "fail";
  readonly why: string;
}

const path = new URL("../../../../shared/cases/verdicts-from-reports.jsonl", import.meta.url);
const isThere = existsSync(path);

describe("verdicts on what models were reported to write", () => {
  it.skipIf(isThere)("are skipped: ../shared/cases/verdicts-from-reports.jsonl is absent", () => {});

  const lines = isThere ? readFileSync(path, "utf8").trim().split("\n") : [];
  const cases = lines.map((line): Reported => JSON.parse(line)).filter(({ task }) => task === "countdown");
  it.each(cases)("$verdict: $why", ({ item, completion, verdict }) => {
    expect(verifyCountdown(item, completion)).toMatchObject({ kind: verdict });
  });
});
