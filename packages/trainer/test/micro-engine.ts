import { createTinyEngine } from "../../../examples/engines/tiny.ts";
import type { Engine } from "../src/engine.ts";
import { createTokenizer } from "../src/model-files/tokenizer.ts";
import { microTextFiles } from "../src/testing/micro-model.ts";

/** The engine of docs/write-an-engine.md: exact, small and in plain TypeScript. */
export function microEngine(seed = 0): Engine {
  return createTinyEngine(createTokenizer(microTextFiles()), { seed }, 128);
}
