import { checkLength, type Splitter } from "./splitter.ts";

/** For JSON Lines. Blank lines are no rows. */
export function createLineSplitter(path: string): Splitter {
  let line = 1;
  let rest = "";
  return {
    *add(chunk) {
      const texts = (rest + chunk).split("\n");
      rest = texts.pop() ?? "";
      for (const text of texts) {
        if (text.trim() !== "") yield { text, line };
        line++;
      }
      checkLength(rest, path, line);
    },
    *end() {
      if (rest.trim() !== "") yield { text: rest, line };
    },
  };
}
