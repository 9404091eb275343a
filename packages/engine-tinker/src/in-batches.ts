import type { WireDatum } from "@rrr/tinker-protocol";

/** Of one request; the hosted service takes 1,024. */
const MOST_DATUMS = 512;
/** Of one request: a body of protobuf stays below 5 MB, one of JSON below 10. */
const MOST_TOKENS = 150_000;

/** Data in requests that every server takes. */
export function* inBatches<Sent extends { readonly wire: WireDatum }>(
  data: readonly Sent[],
): Generator<readonly Sent[], void, undefined> {
  let batch: Sent[] = [];
  let tokens = 0;
  for (const datum of data) {
    if (
      batch.length === MOST_DATUMS ||
      (batch.length > 0 && tokens + datum.wire.tokens.length > MOST_TOKENS)
    ) {
      yield batch;
      batch = [];
      tokens = 0;
    }
    batch.push(datum);
    tokens += datum.wire.tokens.length;
  }
  if (batch.length > 0) yield batch;
}
