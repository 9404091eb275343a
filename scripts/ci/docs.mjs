/** The texts as a reader finds them in a clone: no result is left to be filled in, and no link leads nowhere. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { anchors, prose } from "../lib/markdown.mjs";
import { main, root, ScriptError } from "../lib/process.mjs";

await main(() => {
  const files = trackedFiles();
  // Folders can be linked to as well.
  const paths = new Set(files.flatMap((file) => [file, ...parents(file)]));
  const problems = files
    .filter((file) => file.endsWith(".md"))
    .flatMap((file) => {
      const text = read(file);
      return [...unfilled(text), ...deadLinks(file, text, paths)].map((problem) => `${file}: ${problem}`);
    });
  if (problems.length === 0) return;
  for (const problem of problems) console.error(problem);
  throw new ScriptError(`${problems.length} things in the texts are not as they should be.`);
});

/** What a clone would have: a file that git ignores is there for its author only. */
function trackedFiles() {
  const { status, stdout } = spawnSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8" });
  if (status !== 0) throw new ScriptError("git ls-files failed.");
  return stdout.split("\0").filter((path) => path !== "");
}

function read(file) {
  return readFileSync(join(root, file), "utf8");
}

function parents(file) {
  const parent = dirname(file);
  return parent === "." ? ["."] : [parent, ...parents(parent)];
}

function unfilled(text) {
  return [...text.matchAll(/<!-- results:[\w-]*/g)].map(([marker]) => `${marker} … is not filled in`);
}

function deadLinks(file, text, paths) {
  const inline = [...prose(text).matchAll(/\]\(<?([^)\s>]+)/g)].map(([, target]) => target);
  const defined = [...prose(text).matchAll(/^\[[^\]]+\]:\s*(\S+)/gm)].map(([, target]) => target);
  return [...inline, ...defined]
    .filter((target) => !leads(file, target, paths))
    .map((target) => `the link ${target} leads nowhere`);
}

/** Addresses elsewhere are looked at for their form alone: CI asks no other server. */
function leads(file, target, paths) {
  if (/^[a-z][a-z+.-]*:/i.test(target)) return /^mailto:/.test(target) || isHttps(target);
  const [path, anchor] = decodeURI(target).split("#");
  const linked = path === "" ? file : posix.join(dirname(file), path).replace(/\/$/, "");
  if (!paths.has(linked)) return false;
  return anchor === undefined || !linked.endsWith(".md") || anchors(read(linked)).includes(anchor);
}

function isHttps(target) {
  return URL.canParse(target) && /^https?:$/.test(new URL(target).protocol);
}
