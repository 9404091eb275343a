import { execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** The version whose checker and data are meant: sources at 6ea5797. */
export const VERSION = "2026.3.23";

/** What the checker is asked. */
export interface Case {
  readonly functions: unknown;
  readonly calls: unknown;
  readonly answer: unknown;
  readonly language: string;
  readonly category: string;
}

export type Answer = { readonly valid: boolean; readonly error?: string } | { readonly raised: string };

/** The leaderboard's package in a Python environment of its own. */
export interface Leaderboard {
  /** Folder of the question files. */
  readonly data: string;
  /** Answers to cases, given as JSON, in their order. */
  judge(cases: Iterable<string>): AsyncGenerator<Answer, void, undefined>;
}

/** @param folder of the environment; made, with the package from PyPI, if it is not there */
export function openLeaderboard(folder: string): Leaderboard {
  const python = join(folder, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
  if (!existsSync(python)) {
    execFileSync("python3", ["-m", "venv", folder], { stdio: "inherit" });
  }
  // Without what it depends on, which is a client of every provider: the checker needs none of it.
  const install = ["-m", "pip", "install", "--quiet", "--no-deps", `bfcl-eval==${VERSION}`];
  execFileSync(python, install, { stdio: "inherit" });
  const find = "import importlib.util as u; print(u.find_spec('bfcl_eval').submodule_search_locations[0])";
  const root = execFileSync(python, ["-c", find], { encoding: "utf8" }).trim();
  const oracle = fileURLToPath(new URL("oracle.py", import.meta.url));

  return {
    data: join(root, "data"),
    async *judge(cases) {
      const child = spawn(python, [oracle], { stdio: ["pipe", "pipe", "inherit"] });
      const lines = createInterface({ input: child.stdout });
      const written = (async () => {
        for (const each of cases) {
          if (!child.stdin.write(`${each}\n`))
            await new Promise((resolve) => child.stdin.once("drain", resolve));
        }
        child.stdin.end();
      })();
      for await (const line of lines) yield JSON.parse(line) as Answer;
      await written;
    },
  };
}
