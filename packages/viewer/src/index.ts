import { fileURLToPath } from "node:url";

/** Folder of the built page: `index.html` and the files that it loads. `createViewHandler` of `@rrr/server/view` serves it. */
export const viewerFolder: string = fileURLToPath(new URL("./app/", import.meta.url));
