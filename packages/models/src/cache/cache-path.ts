import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { CACHE_FORMAT } from "./request-key.ts";

/**
 * The file of the response cache: in `$RRR_CACHE_DIR`, else in `rrr` below `$XDG_CACHE_HOME`, else in `~/.cache/rrr`.
 * @see https://specifications.freedesktop.org/basedir-spec/latest/ a relative XDG_CACHE_HOME counts as unset
 */
export function responseCachePath(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const { RRR_CACHE_DIR: own, XDG_CACHE_HOME: xdg } = env;
  const caches = xdg !== undefined && isAbsolute(xdg) ? xdg : join(homedir(), ".cache");
  return join(own ? resolve(own) : join(caches, "rrr"), `responses-${CACHE_FORMAT}.db`);
}
