import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { messageOf, RrrError } from "@rrr/core";
import { toManifest } from "./manifest.ts";
import { readTarballs } from "./tarballs.ts";
import { checkTaskName } from "./task-name.ts";
import { type TemplateName, templateFiles } from "./templates.ts";

export interface InitSettings {
  /** Default `minimal`. */
  readonly template?: TemplateName;
  /** Folder of rrr's packed packages, as long as they are not on npm. */
  readonly packages?: string;
  /** Where the new folder goes. Default: the working directory. */
  readonly cwd?: string;
}

/** What the templates are called themselves: they are a task that works as it lies there. */
const PLACEHOLDER = "my-task";

/**
 * Writes a package for a new task into a new folder, `rrr-task-<name>`.
 * @param name kebab-case
 * @returns the folder's name
 * @throws RrrError `bad-argument`; then nothing is written
 */
export function initTask(name: string, settings: InitSettings = {}): string {
  const { template = "minimal", packages, cwd = process.cwd() } = settings;
  checkTaskName(name);
  const tarballs = packages === undefined ? undefined : readTarballs(packages, cwd);
  const files = templateFiles(template);
  const folder = `rrr-task-${name}`;
  createFolder(join(cwd, folder));
  for (const [path, text] of files) {
    const file = join(cwd, folder, path);
    const content = path === "package.json" ? toManifest(text, shippedFolders(files.keys()), tarballs) : text;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content.replaceAll(PLACEHOLDER, name), { flag: "wx" });
  }
  return folder;
}

/** What a template has beside its sources, e.g. its data. */
function shippedFolders(paths: Iterable<string>): readonly string[] {
  const folders = [...paths]
    .filter((path) => path.includes("/"))
    .map((path) => path.split("/", 1)[0] as string);
  return [...new Set(folders)].filter((folder) => folder !== "src");
}

function createFolder(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (cause) {
    const exists = (cause as NodeJS.ErrnoException).code === "EEXIST";
    throw new RrrError("bad-argument", exists ? `${folder} exists already` : messageOf(cause), {
      cause,
      hint: "Take another name, or run the command in a folder where you may write; nothing is ever overwritten.",
    });
  }
}
