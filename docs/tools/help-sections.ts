/** The text behind the options of a command's help, as what it is made of. */
export type HelpSection =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "listing"; readonly title: string; readonly lines: string };

/** A paragraph is text, unless it is a title with a colon and indented lines below it. */
export function sectionsOf(help: string): HelpSection[] {
  return help
    .split(/\n\s*\n/)
    .filter((paragraph) => paragraph.trim() !== "")
    .map((paragraph) => {
      const [, title, lines] = /^\s*(\S[^\n]*):\n((?:[ \t]+[^\n]*\n?)+)$/.exec(paragraph) ?? [];
      if (title === undefined || lines === undefined) return { kind: "text", text: oneLine(paragraph) };
      return { kind: "listing", title, lines: dedent(lines) };
    });
}

/** A text that was broken for a terminal. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

function dedent(lines: string): string {
  const indents = lines.split("\n").flatMap((line) => (line.trim() === "" ? [] : [line.search(/\S/)]));
  const least = Math.min(...indents);
  return lines
    .split("\n")
    .map((line) => line.slice(least).trimEnd())
    .join("\n")
    .trimEnd();
}
