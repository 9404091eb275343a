import { useEffect, useState } from "preact/hooks";
import { search } from "./ask.ts";

/** What the address says after `#`: every state of the page that is worth a link is in it. */
export interface Route {
  readonly path: readonly string[];
  readonly query: Readonly<Record<string, string>>;
}

export function parseRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  return {
    path: path.split("/").filter((part) => part !== ""),
    query: Object.fromEntries(new URLSearchParams(query)),
  };
}

export function hrefOf(
  path: string,
  query: Readonly<Record<string, string | number | boolean | undefined>> = {},
): string {
  return `#/${path}${search(query)}`;
}

export function useRoute(): Route {
  const [route, setRoute] = useState(() => parseRoute(location.hash));
  useEffect(() => {
    const listener = (): void => setRoute(parseRoute(location.hash));
    addEventListener("hashchange", listener);
    return () => removeEventListener("hashchange", listener);
  }, []);
  return route;
}

export function go(href: string): void {
  location.hash = href;
}

/** Changes the address without a step back to it: for filters, which are typed letter by letter. */
export function replace(href: string): void {
  history.replaceState(undefined, "", href);
  dispatchEvent(new HashChangeEvent("hashchange"));
}
