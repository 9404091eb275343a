import { readdirSync, readFileSync } from "node:fs";
import { extname, join, sep } from "node:path";

/** A file of the page. */
export interface Asset {
  readonly type: string;
  readonly body: Uint8Array<ArrayBuffer>;
}

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** The page's files by their paths in addresses, read once: what a request asks for is looked up, never opened. */
export function readAssets(folder: string): ReadonlyMap<string, Asset> {
  const assets = new Map<string, Asset>();
  for (const path of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const type = TYPES[extname(path)];
    if (type === undefined) continue;
    assets.set(`/${path.split(sep).join("/")}`, {
      type,
      body: new Uint8Array(readFileSync(join(folder, path))),
    });
  }
  const page = assets.get("/index.html");
  if (page !== undefined) assets.set("/", page);
  return assets;
}
