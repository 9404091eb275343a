/** What the checks look at in a Markdown page. */

/**
 * The fenced code blocks of a page, in order. A block whose fence names a file after the language, "ts src/index.ts",
 * stands for that file.
 */
export function codeBlocks(markdown) {
  return [...markdown.matchAll(/^```(\w+)(?: (\S+))?\n(.*?)^```$/gms)].map(([, language, file, text]) => ({
    language,
    file,
    text,
  }));
}

/** A page without its code. */
export function prose(markdown) {
  return markdown.replace(/^```.*?^```/gms, "").replace(/`[^`\n]*`/g, "");
}

/** The anchors that GitHub gives a page's headings: the second of the same name ends in -1. */
export function anchors(markdown) {
  const seen = new Map();
  return [...markdown.replace(/^```.*?^```/gms, "").matchAll(/^#{1,6} +(.+?) *$/gm)].map(([, heading]) => {
    const slug = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, "")
      .replaceAll(" ", "-");
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    return times === 0 ? slug : `${slug}-${times}`;
  });
}
