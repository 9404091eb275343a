/** This package's folder: sources and what is built of them lie one level below it. */
export const packageRoot: URL = new URL("../", import.meta.url);
