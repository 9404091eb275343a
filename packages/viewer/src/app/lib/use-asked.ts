import { useEffect, useRef, useState } from "preact/hooks";
import { type AskError, ask } from "./ask.ts";
import { report } from "./report.ts";

export interface Asked<Answer> {
  readonly answer: Answer | undefined;
  readonly error: AskError | undefined;
  readonly isLoading: boolean;
}

/**
 * What the server says to a path; undefined asks nothing. The last answer stays while a newer one is on its way, unless the
 * path is another.
 * @param version asks again when it changes
 */
export function useAsked<Answer>(path: string | undefined, version: unknown = 0): Asked<Answer> {
  const [state, setState] = useState<{ path?: string; answer?: Answer; error?: AskError; version?: unknown }>(
    {},
  );
  useEffect(() => {
    if (path === undefined) return undefined;
    const abort = new AbortController();
    ask<Answer>(path, abort.signal).then(
      (answer) => setState({ path, answer, version }),
      (error: AskError) => {
        if (!abort.signal.aborted) setState({ path, error, version });
      },
    );
    return () => abort.abort();
  }, [path, version]);
  const isCurrent = state.path === path;
  return {
    answer: isCurrent ? state.answer : undefined,
    error: isCurrent ? state.error : undefined,
    isLoading: path !== undefined && (!isCurrent || state.version !== version),
  };
}

/** Counts up every so many milliseconds while the page is seen; undefined stands still, and a report does. */
export function useTicks(everyMs: number | undefined): number {
  const [ticks, setTicks] = useState(0);
  useEffect(() => {
    if (everyMs === undefined || report !== undefined) return undefined;
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") setTicks((count) => count + 1);
    }, everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return ticks;
}

/** Listens to keys that no field is being typed into. */
export function useKeys(keys: Readonly<Record<string, () => void>>): void {
  const current = useRef(keys);
  current.current = keys;
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const target = event.target as HTMLElement;
      const isTyping = /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName);
      if (isTyping && event.key === "Escape") target.blur();
      const action = isTyping ? undefined : current.current[event.key];
      if (action === undefined) return;
      event.preventDefault();
      action();
    };
    addEventListener("keydown", listener);
    return () => removeEventListener("keydown", listener);
  }, []);
}
