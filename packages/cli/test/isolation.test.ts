/** A plugin's verifier runs in a process of its own unless told otherwise: what it does there costs one verdict. */
import { expect, test } from "vitest";
import { EVEN_TASK, project } from "../../plugins/test/plugin-files.ts";
import { runCli } from "./run-cli.ts";

/** `exit` as a completion ends whatever the verifier runs in. */
const EXITING = EVEN_TASK.replace(
  "verify({",
  'verify({ least }, text) { if (text === "exit") process.exit(7); return this.check({ least }, text); },\n  check({',
);
const line = (completion: string) => `${JSON.stringify({ item: { least: 1 }, completion })}\n`;

test.each([[], ["--isolate", "worker"], ["--isolate", "process"]])(
  "%j %j",
  async (...flags: readonly string[]) => {
    const cwd = project({ "even.ts": `const task: object = ${EXITING}; export default task;` });
    const input = ["4", "exit", "5"].map(line).join("");
    const { code, stdout, stderr } = await runCli(cwd, ["verify", "./even.ts", ...flags], input);
    const kinds = stdout
      .trim()
      .split("\n")
      .map((text) => JSON.parse(text).kind);
    expect({ code, kinds, stderr }).toEqual({
      code: 0,
      kinds: ["pass", "invalid", "fail"],
      stderr: "1 pass, 1 fail, 1 invalid\n",
    });
  },
);

test("without isolation it ends the command, which fails whatever the code", async () => {
  const cwd = project({ "even.mjs": `export default ${EXITING};` });
  const { code, stdout, stderr } = await runCli(
    cwd,
    ["verify", "./even.mjs", "--isolate", "none"],
    line("exit"),
  );
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toContain(
    "the plugin ended the process (exit code 7), and the command with it [plugin-failed]",
  );
});
