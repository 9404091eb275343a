import { dirname, join } from "node:path";
import { responseCachePath } from "@rrr/models";

/** Where the page of `rrr view` keeps its search indexes: beside the response cache. */
export function indexFolder(): string {
  return join(dirname(responseCachePath()), "view");
}
