/** Pictures as files, in Node: without a browser, and the same on each machine. */
export { newDocument } from "./files/new-document.ts";
export { pngBytes } from "./files/png-bytes.ts";
export { svgText } from "./files/svg-text.ts";
