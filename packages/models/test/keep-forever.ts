/** Asks a model through a response cache until it is killed; prints the number of each batch that was answered. */
import { writeSync } from "node:fs";
import { openResponseCache } from "../src/cache/response-cache.ts";
import { withCache } from "../src/cache/with-cache.ts";
import { askBatch, longAnswers } from "./long-answers.ts";

const [path, name, batches] = process.argv.slice(2) as [string, string, string];
const onFailure = (error: Error): void => {
  writeSync(2, `${error.message}\n`);
  process.exit(1);
};
const cache = await openResponseCache({ path, onFailure });
const model = withCache(longAnswers(), cache, { model: name, source: "test" });
for (let batch = 0; batch < Number(batches); batch++) {
  await askBatch(model, batch);
  writeSync(1, `${batch}\n`);
}
cache.close();
