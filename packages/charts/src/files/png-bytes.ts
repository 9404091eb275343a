import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { renderAsync } from "@resvg/resvg-js";
import { fontFile } from "./font.ts";
import { openType } from "./open-type.ts";
import { onPaper } from "./svg-text.ts";

/** An `<svg>` as a PNG. @param scale pixels of the file for one of the picture; 3 is about 300 dots an inch in print */
export async function pngBytes(svg: object, scale = 3): Promise<Buffer> {
  // The renderer takes fonts only as files.
  const folder = await mkdtemp(join(tmpdir(), "rrr-charts-"));
  try {
    const fontFiles = await Promise.all(
      ([400, 700] as const).map(async (weight) => {
        const path = join(folder, `inter-${weight}.ttf`);
        await writeFile(path, openType(await fontFile(weight, "woff")));
        return path;
      }),
    );
    const image = await renderAsync(onPaper(svg), {
      font: { fontFiles, defaultFontFamily: "Inter", sansSerifFamily: "Inter", loadSystemFonts: true },
      fitTo: { mode: "zoom", value: scale },
    });
    return image.asPng();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
