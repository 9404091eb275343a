import type { Completion, Model } from "@rrr/core";
import { toKept } from "./kept-completion.ts";
import type { ModelIdentity } from "./model-identity.ts";
import { requestKey } from "./request-key.ts";
import type { ResponseCache } from "./response-cache.ts";
import { createRequestSharing } from "./share-requests.ts";

/**
 * A model that remembers its answers. The same request is answered from the cache, and asked once where it is made
 * several times at once. Not for training: what comes back has no tokens that could be trained on.
 * @example
 * // Outside of the budget: what the cache answers costs nothing.
 * const cached = withCache(withBudget(model, budget), cache, identity);
 */
export function withCache(model: Model, cache: ResponseCache, identity: ModelIdentity): Model {
  const share = createRequestSharing<readonly Completion[]>();
  return {
    id: model.id,
    async generate(prompt, options) {
      options.signal?.throwIfAborted();
      const { n = 1 } = options;
      const key = requestKey(identity, prompt, options);
      const kept = cache.find(key, n)?.map((completion): Completion => ({ ...completion, cached: true }));
      return (
        kept ??
        share(key, options.signal, async (signal) => {
          const completions = (await model.generate(prompt, { ...options, signal })).map(toKept);
          // Any other number is the model's fault, which the caller reports.
          if (completions.length === n) await cache.keep(key, identity, completions);
          return completions;
        })
      );
    },
  };
}
