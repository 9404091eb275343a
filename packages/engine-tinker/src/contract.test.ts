import { testEngine } from "@rrr/trainer/testing";
import { describe, expect, test } from "vitest";
import { startOwnServer } from "../test/own-server.ts";
import { createTinkerEngine } from "./index.ts";

/** The protocol tells the log-probability of a token, not the distribution that it is of. */
const ENTROPY = { what: "entropy bonus", why: "capabilities.entropy is not true" };

/** It tells the server of another one by what it answers, not by what it is told. */
describe.each(["json", "protobuf"] as const)("in %s", (dialect) => {
  test.each(["sum", "datum-mean"] as const)(
    "it keeps the engine contract on a server that reduces by %s",
    async (reduction) => {
      const server = await startOwnServer({ reduction });
      const result = await testEngine(() => createTinkerEngine({ ...server.settings, dialect }));
      await server.close();
      expect(result).toEqual({ findings: [], untested: [ENTROPY] });
    },
  );
});
