import { createHash } from "node:crypto";
import { RrrError } from "@rrr/core";
import type { Asset } from "../view/assets.ts";
import type { ReportData } from "./report-data.ts";

/** What stands around the data. */
export interface PageParts {
  /** The built page's files by their paths. */
  readonly assets: ReadonlyMap<string, Asset>;
  readonly title: string;
  /** For who reads it where no script runs. */
  readonly plain: string;
}

/**
 * The page as one file, with the data in it. It asks nobody for anything, and only its own script runs: the policy names that
 * by its hash.
 * @throws RrrError `bad-argument` where the page is not what it was built as
 */
export function reportPage(data: ReportData, { assets, title, plain }: PageParts): string {
  const script = only(assets, ".js").replaceAll(/<(?=!--|\/?script)/gi, String.raw`\x3C`);
  const style = only(assets, ".css");
  const icon = Buffer.from(only(assets, ".svg")).toString("base64");
  const policy =
    `default-src 'none'; script-src ${hashOf(script)}; style-src ${hashOf(style)}; img-src data:; ` +
    "base-uri 'none'; form-action 'none'";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="content-security-policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${asHtml(title)}</title>
<link rel="icon" href="data:image/svg+xml;base64,${icon}">
<style>${style}</style>
</head>
<body>
<div id="app"></div>
<noscript><pre>${asHtml(plain)}</pre></noscript>
<script type="application/json" id="rrr-report">${asData(data)}</script>
<script type="module">${script}</script>
</body>
</html>
`;
}

/** JSON that ends no script, whatever is in it. */
export function asData(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", String.raw`\u003c`);
}

function only(assets: PageParts["assets"], ending: string): string {
  const found = [...assets].filter(([path]) => path.endsWith(ending));
  const [file] = found;
  if (file === undefined || found.length > 1) {
    throw new RrrError(
      "bad-argument",
      `the page has ${found.length} files ${ending}, and a report is of one`,
      {
        hint: "Give the files of `viewerFolder` of @rrr/viewer, as it was built.",
      },
    );
  }
  return Buffer.from(file[1].body).toString("utf8");
}

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

function asHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
