import { visible } from "@rrr/core";
import type { TrialEvent } from "@rrr/server/view";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { send } from "../lib/ask.ts";
import { ROLES } from "../lib/words.ts";
import { TriedVerdictBlock } from "./tried-verdict.tsx";

/** An episode of the model, turn by turn as it comes. Leaving the page ends it. */
export function TrialRun({ item, seed }: { readonly item: unknown; readonly seed: number }): JSX.Element {
  const [events, setEvents] = useState<readonly TrialEvent[]>([]);
  useEffect(() => {
    const abort = new AbortController();
    const add = (event: TrialEvent): void => setEvents((before) => [...before, event]);
    follow({ item, seed }, add, abort.signal).catch((error: Error) => {
      if (!abort.signal.aborted) add({ kind: "error", message: error.message });
    });
    return () => abort.abort();
  }, []);
  const isOver = events.some(({ kind }) => kind === "end" || kind === "error");
  return (
    <section aria-labelledby="trial">
      <h2 id="trial">The model's episode</h2>
      <div class="turns" role="log">
        {events.map((event, i) => (
          <EventBlock key={i} event={event} />
        ))}
      </div>
      {!isOver && <p class="loading">…</p>}
    </section>
  );
}

function EventBlock({ event }: { readonly event: TrialEvent }): JSX.Element | null {
  switch (event.kind) {
    case "asked": {
      const last = event.prompt.at(-1);
      return (
        <div class="block message">
          <h3>Prompt</h3>
          <pre class="text">{visible(last?.content ?? "")}</pre>
        </div>
      );
    }
    case "answer":
      return (
        <div class={`block answer role-${event.role}`}>
          <div class="block-head">
            <h3>{ROLES[event.role] ?? event.role}</h3>
            {event.isCut && <span class="badge cut-off">cut off at the token limit</span>}
          </div>
          {event.reasoning !== undefined && (
            <details>
              <summary>Reasoning</summary>
              <pre class="text">{visible(event.reasoning)}</pre>
            </details>
          )}
          <pre class="text">{visible(event.text)}</pre>
        </div>
      );
    case "verdict":
      return <TriedVerdictBlock verdict={event.verdict} />;
    case "error":
      return <p class="failure">{event.message}</p>;
    default:
      return null;
  }
}

async function follow(body: object, tell: (event: TrialEvent) => void, signal: AbortSignal): Promise<void> {
  const response = await send("/api/try/episode", body, signal);
  const reader = (response.body as ReadableStream<Uint8Array>)
    .pipeThrough(new TextDecoderStream() as never)
    .getReader();
  let rest = "";
  for (;;) {
    const { done, value } = (await reader.read()) as { readonly done: boolean; readonly value?: string };
    if (done) return;
    const lines = (rest + value).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) tell(JSON.parse(line) as TrialEvent);
  }
}
