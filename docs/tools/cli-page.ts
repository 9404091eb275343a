/**
 * docs/cli.md from the command line itself: what its help says, as a page.
 *
 *     npx tsx docs/tools/cli-page.ts          # writes it; a test holds the page to what this makes
 */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createProgram } from "../../packages/cli/src/program.ts";
import { oneLine, sectionsOf } from "./help-sections.ts";

type Command = ReturnType<typeof createProgram>;
type Option = Command["options"][number];
type Help = ReturnType<Command["createHelp"]>;

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Where the page lies. */
export const CLI_PAGE: string = fileURLToPath(new URL("../cli.md", import.meta.url));

/** The page, formatted as the repository's other texts are. */
export function cliPage(): string {
  const program = createProgram();
  const frame = readFileSync(new URL("cli-frame.txt", import.meta.url), "utf8");
  const page = frame
    .replace("{{program}}", () =>
      [...pluginsOf(program), ...summaries(program), ...globalOptions(program)].join("\n\n"),
    )
    .replace("{{commands}}", () => program.commands.flatMap((command) => pageOf(command)).join("\n\n"));
  return format(page);
}

function summaries(program: Command): string[] {
  const rows = program.commands.map(
    (command) => `| [\`rrr ${command.name()}\`](#rrr-${command.name()}) | ${cell(command.summary())} |`,
  );
  return [["| command | |", "| --- | --- |", ...rows].join("\n")];
}

function globalOptions(program: Command): string[] {
  return tableOf("option, before the command", optionRows(program, program.createHelp()));
}

/** What the program's own help says about more than one command; its examples are those of the commands. */
function pluginsOf(program: Command): string[] {
  return sectionsOf(afterHelp(program)).flatMap((section) =>
    section.kind === "text" ? [prose(section.text)] : [],
  );
}

function pageOf(command: Command, parent = "rrr"): string[] {
  const help = command.createHelp();
  const name = `${parent} ${command.name()}`;
  return [
    `## ${name}`,
    fenced("text", `${name} ${command.usage()}`),
    prose(command.description()),
    ...tableOf("argument", argumentRows(command, help)),
    ...tableOf("option", optionRows(command, help)),
    ...sectionsOf(afterHelp(command)).map((section) => {
      if (section.kind === "text") return prose(section.text);
      const isExample = /^examples?$/i.test(section.title);
      return `${section.title}:\n\n${isExample ? fenced("sh", commented(section.lines)) : fenced("text", section.lines)}`;
    }),
    ...command.commands.flatMap((inner) => pageOf(inner, name).map((block) => block.replace(/^## /, "### "))),
  ];
}

const fenced = (language: string, lines: string): string => `\`\`\`${language}\n${lines}\n\`\`\``;

/** What an example does stands in a column beside it. */
const commented = (lines: string): string => lines.replace(/^(rrr .*?\S {2,})(?=\S)/gm, "$1# ");

function argumentRows(command: Command, help: Help): string[][] {
  return help
    .visibleArguments(command)
    .map((argument) => [`\`${help.argumentTerm(argument)}\``, help.argumentDescription(argument)]);
}

function optionRows(command: Command, help: Help): string[][] {
  // Commands may show an option under another name than commander knows it by.
  const own = command.configureHelp();
  const term = (option: Option): string => (own.optionTerm ?? help.optionTerm)(option);
  return help
    .visibleOptions(command)
    .filter(({ long }) => long !== "--help")
    .map((option) => [`\`${term(option)}\``, help.optionDescription(option)]);
}

function tableOf(what: string, rows: readonly string[][]): string[] {
  if (rows.length === 0) return [];
  const lines = rows.map(([term, description]) => `| ${term} | ${cell(description ?? "")} |`);
  return [[`| ${what} | |`, "| --- | --- |", ...lines].join("\n")];
}

/** Plain text as Markdown that shows the same. */
const prose = (text: string): string => oneLine(text).replace(/[<*]/g, "\\$&");
const cell = (text: string): string => prose(text).replaceAll("|", "\\|");

/** What `addHelpText` put behind the options: commander tells it only as a part of the whole help. */
function afterHelp(command: Command): string {
  let whole = "";
  const writeOut = (text: string): void => {
    whole += text;
  };
  command.configureOutput({ writeOut }).outputHelp();
  return whole.slice(command.helpInformation().length);
}

function format(page: string): string {
  const biome = fileURLToPath(new URL("../../node_modules/@biomejs/biome/bin/biome", import.meta.url));
  const args = [biome, "format", "--stdin-file-path=docs/cli.md"];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, {
    cwd: root,
    input: page,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`biome could not format docs/cli.md: ${stderr}`);
  return stdout;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) writeFileSync(CLI_PAGE, cliPage());
