/** Lookups that read the whole table would make a run of many problems slower with each of them. */
import { expect, test } from "vitest";
import { project } from "../../../plugins/test/plugin-files.ts";
import { runHeader } from "../../test/run-header.ts";
import { openDatabase } from "./database.ts";
import { AT_PLACE } from "./read-episode.ts";
import { createRunStore } from "./run-store.ts";

test.each([
  ["an episode by its place", `SELECT id FROM episode WHERE ${AT_PLACE}`, /problem=\? AND sample=\?/],
  // Who refers to an episode is looked up for each that goes.
  ["what refers to an episode", "DELETE FROM episode WHERE stage = 'train'", /episode_by_failure/],
])("%s is found by an index", (_, sql, index) => {
  const folder = project({});
  createRunStore(folder, runHeader()).close();
  const db = openDatabase(folder, "read");
  const steps = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all() as readonly { readonly detail: string }[];
  const plan = steps.map(({ detail }) => detail).join("; ");
  db.close();
  expect(plan).toMatch(index);
  expect(plan).not.toContain("SCAN");
});
