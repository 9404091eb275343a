/**
 * The code of the texts, in a fresh clone: a page's commands are typed from its top to its bottom, its TypeScript is
 * type-checked and run. What is not, or is shortened, stands with its reason in lib/command-rules.mjs.
 * `node scripts/ci/code-blocks.mjs docs/cli.md` looks at that page alone.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { COMMAND_RULES, PROGRAM_RULES } from "../lib/command-rules.mjs";
import { codeBlocks } from "../lib/markdown.mjs";
import { main, passSignalsOn, root, run, ScriptError } from "../lib/process.mjs";
import { createSandbox } from "../lib/sandbox.mjs";
import { commandsOf } from "../lib/shell.mjs";

const PAGES = /^(README|CONTRIBUTING|docs\/[^/]+|packages\/[^/]+\/README|examples\/README)\.md$/;
/** Without what only libraries need. */
const OF_A_READER = { isolatedDeclarations: false, declaration: false };
const env = { npm_config_audit: "false", npm_config_fund: "false", npm_config_prefer_offline: "true" };
const only = process.argv.slice(2);
const used = new Set();
const done = new Set();

await main(async () => {
  passSignalsOn();
  const sandbox = createSandbox("pages");
  const clone = join(sandbox, "rrr");
  // Commands that clear the cache are not to clear that of the user.
  env.RRR_CACHE_DIR = join(sandbox, "cache");
  await must("git", ["clone", "--quiet", "--no-hardlinks", root, clone], root);
  const pages = pagesOf(clone);
  // Else the README's first command does it, as for a reader.
  if (only.length > 0) await must(process.execPath, ["scripts/setup.mjs"], clone);
  for (const { page, blocks } of pages) await typeCommands(page, blocks, clone);
  await checkPrograms(pages, clone);
  await setUpAgain(clone);
  if (only.length > 0) return;
  const stale = [...COMMAND_RULES, ...PROGRAM_RULES].filter((rule) => !used.has(rule));
  for (const { match } of stale) console.error(`nothing in the texts matches ${match}`);
  if (stale.length > 0) throw new ScriptError("lib/command-rules.mjs has rules that nothing needs.");
});

function pagesOf(clone) {
  const { stdout } = spawnSync("git", ["ls-files", "-z", "*.md"], { cwd: clone, encoding: "utf8" });
  const pages = stdout.split("\0").filter((path) => PAGES.test(path));
  const order = ["README.md", ...pages.filter((path) => path !== "README.md")];
  const wanted = only.length === 0 ? order : only;
  return wanted.map((page) => {
    const blocks = codeBlocks(readFileSync(join(clone, page), "utf8"));
    // What a page shows of a file that is there is held to it, and run, with the examples.
    return {
      page,
      blocks: blocks.filter(({ file }) => file === undefined || !existsSync(join(clone, file))),
    };
  });
}

/** One shell for a page: its files are written, its commands typed where the ones before have led. */
async function typeCommands(page, blocks, clone) {
  const lines = blocks.flatMap(({ language, file, text }) => {
    if (language === "sh") return commandsOf(text).flatMap((command) => toRun(page, command));
    return file === undefined ? [] : [`cat > ${file} <<'END OF FILE'\n${text}END OF FILE`];
  });
  if (!blocks.some(({ language }) => language === "sh") || lines.length === 0) return;
  console.log(`\n== ${page}`);
  const path = `${join(clone, "node_modules/.bin")}:${process.env.PATH}`;
  const script = ["-euxo", "pipefail", "-c", lines.join("\n")];
  const code = await run("bash", script, { cwd: clone, env: { ...env, PATH: path } });
  if (code !== 0)
    throw new ScriptError(`${page}: the last of the commands above ended with exit code ${code}.`);
}

/** What is run in a command's place: nothing for one that is not to be, or that has been. */
function toRun(page, command) {
  const rule = COMMAND_RULES.find(
    ({ match, pages }) => match.test(command) && pages?.includes(page) !== false,
  );
  if (rule !== undefined) used.add(rule);
  if (rule?.why !== undefined) {
    console.log(`-- ${page}, skipped, ${rule.why}: ${command}`);
    return [];
  }
  const shortened = rule?.to(command) ?? command;
  const isRepeated = /^(npx )?rrr /.test(command) && !command.includes("./");
  const key = shortened.replace(/^npx /, "");
  if (isRepeated && done.has(key)) return [];
  done.add(key);
  return [shortened];
}

async function checkPrograms(pages, clone) {
  // Beside the code that it is about, a program finds what that depends on.
  const folderOf = (page) => join(clone, page.startsWith("packages/") ? dirname(page) : "examples", "blocks");
  const programs = pages.flatMap(({ page, blocks }) =>
    blocks
      .filter(({ language }) => language === "ts")
      .map(({ file, text }, i) => {
        const path = join(folderOf(page), page.replace(/\W/g, "-"), file ?? `${i + 1}.ts`);
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, text);
        return { page, path, text, isWhole: file === undefined };
      }),
  );
  if (programs.length === 0) return;
  const include = ["examples/blocks", "packages/*/blocks"];
  const settings = { extends: "./tsconfig.json", compilerOptions: OF_A_READER, include };
  writeFileSync(join(clone, "tsconfig.blocks.json"), JSON.stringify(settings));
  console.log(`\n== types of ${programs.length} blocks`);
  await must(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.blocks.json"], clone);

  for (const { page, path, text } of programs.filter(({ isWhole }) => isWhole)) {
    const rule = PROGRAM_RULES.find(({ match }) => match.test(text));
    if (rule !== undefined) used.add(rule);
    console.log(`\n== ${page}: ${relative(clone, path)}${rule ? `, not run, ${rule.why}` : ""}`);
    if (rule === undefined) await must(process.execPath, ["--import", "tsx", path], clone);
  }
}

async function setUpAgain(clone) {
  const started = performance.now();
  await must(process.execPath, ["scripts/setup.mjs"], clone);
  const seconds = (performance.now() - started) / 1000;
  if (seconds > 2) throw new ScriptError(`a second set-up took ${seconds.toFixed(1)} s; 2 s are allowed.`);
}

async function must(command, args, cwd) {
  const code = await run(command, args, { cwd, env });
  if (code !== 0) throw new ScriptError(`${[command, ...args].join(" ")} ended with exit code ${code}.`);
}
