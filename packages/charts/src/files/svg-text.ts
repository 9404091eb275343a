import { fontFile } from "./font.ts";

/** Black on white: what a page would say by its own colours. */
const PAPER = "#1a1a1a";

/** An `<svg>` as a file that needs no other: its fonts and colours are in it. */
export async function svgText(svg: object): Promise<string> {
  const faces = await Promise.all(
    ([400, 700] as const).map(async (weight) => {
      const font = (await fontFile(weight, "woff2")).toString("base64");
      return `@font-face{font-family:Inter;font-weight:${weight};src:url(data:font/woff2;base64,${font}) format("woff2")}`;
    }),
  );
  return onPaper(svg, `<style>${faces.join("")}</style>`);
}

/** @param before what stands before the first element */
export function onPaper(svg: object, before = ""): string {
  const text = String((svg as { readonly outerHTML: string }).outerHTML);
  const start = text.indexOf(">") + 1;
  const paper = `${before}<rect width="100%" height="100%" fill="#ffffff"/>`;
  return `${text.slice(0, start - 1)} color="${PAPER}">${paper}${text.slice(start)}\n`;
}
