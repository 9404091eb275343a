import { pathParts } from "./path-parts.ts";
import { Refusal } from "./refusal.ts";

/** A request that a route was found for. */
export interface Call {
  readonly request: Request;
  readonly query: URLSearchParams;
  /** What stands in place of `:name` in the route's path. */
  readonly params: Readonly<Record<string, string>>;
}

/** Who answers which requests. */
export interface Route {
  readonly method: "GET" | "POST" | "DELETE";
  /** Such as `/v1/items/:id`. */
  readonly path: string;
  answer(call: Call): Promise<Response>;
}

/**
 * The route of a request.
 * @throws Refusal 400 for a path that is malformed, 404 where nothing is, 405 for another method
 */
export function routeOf(routes: readonly Route[], request: Request): readonly [Route, Call] {
  const { pathname, searchParams: query } = new URL(request.url);
  const parts = pathParts(pathname);
  const found = routes.flatMap((route) => {
    const params = match(route.path.split("/"), parts);
    return params === undefined ? [] : [{ route, params }];
  });
  const mine = found.find(({ route }) => route.method === request.method);
  if (mine !== undefined) return [mine.route, { request, query, params: mine.params }];
  const here = pathname.slice(0, 80);
  if (found.length === 0) throw new Refusal(404, `there is no ${here}`, "unknown-path");
  const methods = found.map(({ route }) => route.method).join(", ");
  throw new Refusal(405, `${here} takes ${methods}, not ${request.method}`, "wrong-method");
}

function match(pattern: readonly string[], parts: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== parts.length) return undefined;
  const params: Record<string, string> = {};
  for (const [i, name] of pattern.entries()) {
    const part = parts[i] as string;
    if (name.startsWith(":")) params[name.slice(1)] = part;
    else if (name !== part) return undefined;
  }
  return params;
}
