import { messageOf, RrrError } from "@rrr/core";

/** What to throw where the cache's file is no use: damaged, somebody else's, not writable. */
export function cacheError(path: string, cause: unknown): RrrError {
  if (RrrError.is(cause)) return cause;
  const code = (cause as { readonly code?: unknown } | undefined)?.code;
  const damaged = code === "SQLITE_NOTADB" || code === "SQLITE_CORRUPT";
  const what = damaged ? "is damaged, or no response cache" : "cannot be used";
  return new RrrError("bad-cache", `the response cache ${path} ${what}: ${messageOf(cause)}`, {
    cause,
    hint: damaged
      ? "Nothing of it was used. Look at the file and remove it, or give another folder in RRR_CACHE_DIR."
      : "See that you may write there and that the disk has space, or give another folder in RRR_CACHE_DIR.",
  });
}
