/** A run is resumed as what it was: whatever its figures depend on, and is not the same any more, is named. */
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "libsql";
import { expect, test, vi } from "vitest";
import { runCli } from "./run-cli.ts";
import { smallWorld } from "./small-world.ts";

vi.setConfig({ testTimeout: 300_000 });

/** The small world's task with a part of its verifier in another file, and in a program that is only named. */
async function world(): Promise<string> {
  const cwd = await smallWorld();
  const task = readFileSync(join(cwd, "chance.mjs"), "utf8");
  writeFileSync(join(cwd, "chance.mjs"), `import "./rules/first.mjs";\nconst program = "check.py";\n${task}`);
  const files = {
    "rules/first.mjs": 'export * from "./second.js";',
    "rules/second.js": "export const least = 1;",
    "check.py": "print(1)",
    "unused.js": "",
    "package.json": '{"name":"chance","version":"1.0.0","type":"module"}',
  };
  mkdirSync(join(cwd, "rules"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
  return cwd;
}

const RUN = [
  "run",
  "./chance.mjs",
  "--model",
  "model",
  "--limit",
  "6",
  "--steps",
  "1",
  "--failures",
  "8",
  "--quiet",
];

function setStopped(cwd: string): void {
  const db = new Database(join(cwd, "run/run.db"));
  db.exec("UPDATE run SET status = 'stopped'");
  db.close();
}

const hashOf = (path: string) => createHash("sha256").update(readFileSync(path)).digest("hex");

test("a run that trains is resumed as what it was, or says that it was not", async () => {
  const cwd = await world();
  expect((await runCli(cwd, [...RUN, "--out", "run"])).code).toBe(0);
  expect((await runCli(cwd, [...RUN, "--out", "other", "--seed", "1"])).code).toBe(0);
  const whole = readFileSync(join(cwd, "run/result.json"), "utf8");
  setStopped(cwd);
  const result = () => JSON.parse(readFileSync(join(cwd, "run/result.json"), "utf8"));

  const append = (file: string, text: string) => () => {
    const path = join(cwd, file);
    const was = existsSync(path) ? readFileSync(path) : undefined;
    writeFileSync(path, `${was ?? ""}${text}`);
    return () => (was === undefined ? rmSync(path) : writeFileSync(path, was));
  };
  const inIdentity = (path: string, value: string) => () => {
    const db = new Database(join(cwd, "run/run.db"));
    const { identity } = db.prepare("SELECT identity FROM run").get() as { readonly identity: string };
    db.prepare("UPDATE run SET identity = json_set(identity, ?, ?)").run(path, value);
    db.close();
    return () => {
      const again = new Database(join(cwd, "run/run.db"));
      again.prepare("UPDATE run SET identity = ?").run(identity);
      again.close();
    };
  };
  const swapped = () => {
    const [mine, others] = [join(cwd, "run/checkpoints"), join(cwd, "other/checkpoints")];
    cpSync(mine, join(cwd, "kept"), { recursive: true });
    rmSync(mine, { recursive: true });
    cpSync(others, mine, { recursive: true });
    return () => {
      rmSync(mine, { recursive: true });
      cpSync(join(cwd, "kept"), mine, { recursive: true });
    };
  };
  const template = readdirSync(join(cwd, "model")).includes("chat_template.jinja")
    ? "chat_template.jinja"
    : "tokenizer_config.json";
  const cases: readonly (readonly [change: () => () => void, named: string])[] = [
    [append(`model/${template}`, " "), "model.source was"],
    [append("model/config.json", " "), "model.source was"],
    [append("model/tokenizer.json", " "), "model.source was"],
    [append("chance.mjs", "// "), "task.file was"],
    [append("rules/first.mjs", "// "), "task.imports.rules/first.mjs was"],
    [append("rules/second.js", "// "), "task.imports.rules/second.js was"],
    [append("check.py", "# "), "task.imports.check.py was"],
    [inIdentity("$.versions.rrr", "0.0.1"), 'versions.rrr was "0.0.1" and is now'],
    [
      inIdentity("$.versions.plugin", "chance@0.9.0"),
      'versions.plugin was "chance@0.9.0" and is now "chance@1.0.0"',
    ],
    [inIdentity("$.versions.node", "18"), 'versions.node was "18"'],
    [swapped, "checkpoints/step-000001 was saved by another run"],
  ];
  for (const [change, named] of cases) {
    const undo = change();
    const before = hashOf(join(cwd, "run/run.db"));
    const refused = await runCli(cwd, ["resume", "run", "--quiet"]);
    expect(refused.stderr).toContain(named);
    expect(refused.stderr).toMatch(/^rrr: [^\n]+ cannot be resumed: [^\n]+--accept-changes[^\n]+\n$/);
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(hashOf(join(cwd, "run/run.db"))).toBe(before);
    undo();
  }
  // A file that has nothing to do with it may change.
  append("unused.js", "// ")();
  expect((await runCli(cwd, ["resume", "run", "--quiet"])).code).toBe(0);
  expect(readFileSync(join(cwd, "run/result.json"), "utf8")).toBe(whole);

  setStopped(cwd);
  append("rules/second.js", "// ")();
  const accepted = await runCli(cwd, ["resume", "run", "--quiet", "--accept-changes"]);
  const said = /RESUMED AFTER A CHANGE, its figures\s+mix\s+both: task.imports.rules\/second.js was/;
  expect(accepted).toMatchObject({ code: 0, stdout: expect.stringMatching(said) });
  expect(result().changes).toEqual([expect.stringContaining("task.imports.rules/second.js was")]);
  // From then on it is what it is, and never forgets it.
  setStopped(cwd);
  append("check.py", "# ")();
  expect((await runCli(cwd, ["resume", "run", "--quiet"])).stderr).not.toContain("second.js");
  expect((await runCli(cwd, ["resume", "run", "--quiet", "--accept-changes"])).code).toBe(0);
  expect(result().changes).toHaveLength(2);
  expect((await runCli(cwd, ["show", "run"])).stdout).toMatch(said);
  expect(JSON.parse((await runCli(cwd, ["show", "run", "--json"])).stdout).result.changes).toHaveLength(2);
});
