import { messageOf } from "@rrr/core";
import type { Patience } from "./hub-client.ts";
import { Trouble } from "./pull-failed.ts";

/** Bytes a second that are as good as none. */
const LEAST_SPEED = 1_000;

/**
 * The pieces of a body, as long as they come at some speed: a server that sends a byte now and then would be waited for
 * without end. Only waiting counts, not what the reader does between two pieces.
 * @throws Trouble
 */
export async function* paced(
  body: AsyncIterable<Uint8Array>,
  { slowMs }: Pick<Required<Patience>, "slowMs">,
): AsyncGenerator<Uint8Array> {
  const pieces = body[Symbol.asyncIterator]();
  let [waited, bytes] = [0, 0];
  try {
    while (true) {
      const asked = performance.now();
      const { done, value } = await pieces.next().catch((cause: unknown) => {
        throw new Trouble(`the body broke off: ${messageOf(cause)}`, { cause });
      });
      if (done) return;
      waited += performance.now() - asked;
      bytes += value.length;
      if (waited >= slowMs) {
        if (bytes < (LEAST_SPEED * waited) / 1_000) {
          throw new Trouble(`only ${bytes} bytes came in ${Math.round(waited / 1_000)} s`);
        }
        [waited, bytes] = [0, 0];
      }
      yield value;
    }
  } finally {
    await pieces.return?.();
  }
}
