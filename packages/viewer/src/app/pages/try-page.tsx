import type { EpisodeAnswer, ShownByTask, TrialAnswer, TriedVerdict } from "@rrr/server/view";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ask, send } from "../lib/ask.ts";
import { useAsked } from "../lib/use-asked.ts";
import { ShownParts } from "../parts/by-task.tsx";
import { Empty, Failed, Loading } from "../parts/notice.tsx";
import { TrialRun } from "../parts/trial-run.tsx";
import { TriedVerdictBlock } from "../parts/tried-verdict.tsx";

interface Props {
  readonly query: Readonly<Record<string, string>>;
}

/** Any problem, and any answer to it; or the model's own. */
export function TryPage({ query }: Props): JSX.Element {
  const { answer, error } = useAsked<TrialAnswer>("/api/try");
  if (error !== undefined) return <Failed error={error} />;
  if (answer === undefined) return <Loading what="what can be tried" />;
  if (answer.kind === "none") {
    return (
      <Empty title="There is nothing to try yet">
        The page loads no code by itself. Start it with a task, and with a model where one is to be asked:{" "}
        <code>rrr view --plugin countdown --model builtin</code>
      </Empty>
    );
  }
  return <Trying query={query} trial={answer} />;
}

function Trying({
  query: { run, episode },
  trial: { task, model, shows },
}: Props & { readonly trial: Extract<TrialAnswer, { kind: "trial" }> }): JSX.Element {
  const [item, setItem] = useState("");
  const [text, setText] = useState("");
  const [seed, setSeed] = useState(0);
  const [verdict, setVerdict] = useState<TriedVerdict>();
  const [shownAnswer, setShownAnswer] = useState<ShownByTask>();
  const shownItem = useShownItem(shows.item ? item : "");
  const [trouble, setTrouble] = useState("");
  const [asked, setAsked] = useState<{ readonly item: unknown; readonly number: number }>();

  const another = (next: number): void => {
    setSeed(next);
    const before = item;
    ask<{ readonly item: unknown }>(`/api/try/item?seed=${next}`).then(
      (given) => setItem((now) => unlessTyped(now, before, JSON.stringify(given.item, undefined, 2))),
      (error: Error) => setTrouble(error.message),
    );
  };
  useEffect(() => {
    if (run === undefined || episode === undefined) return another(0);
    ask<EpisodeAnswer>(`/api/runs/${encodeURIComponent(run)}/episodes/${encodeURIComponent(episode)}`).then(
      (given) => {
        setItem((now) => unlessTyped(now, "", given.item.text));
        setText((now) => unlessTyped(now, "", given.turns[0]?.text.text ?? ""));
      },
      (error: Error) => setTrouble(error.message),
    );
  }, [run, episode]);
  function withItem(use: (item: unknown) => void): void {
    setTrouble("");
    try {
      use(JSON.parse(item));
    } catch (error) {
      setTrouble(`The problem is not JSON: ${(error as Error).message}`);
    }
  }
  const check = (): void =>
    withItem((given) => {
      setVerdict(undefined);
      setShownAnswer(undefined);
      if (shows.answer)
        post<ShownByTask>("show", { item: given, answer: text }).then(setShownAnswer, () => {});
      post<TriedVerdict>("verify", { item: given, answer: text }).then(setVerdict, (error: Error) =>
        setTrouble(error.message),
      );
    });
  return (
    <>
      <h1 class="page-title">Try {task}</h1>
      <div class="try">
        <label>
          <span>The problem, as JSON</span>
          <textarea
            rows={7}
            value={item}
            spellcheck={false}
            onInput={(event) => setItem(event.currentTarget.value)}
          />
        </label>
        {shownItem !== undefined && <ShownParts shown={shownItem} of="the problem" />}
        <p>
          <button type="button" onClick={() => another(seed + 1)}>
            Another problem
          </button>{" "}
          {model === undefined ? (
            <span class="nothing">With --model, a model can be asked too.</span>
          ) : (
            <button
              type="button"
              onClick={() => withItem((given) => setAsked({ item: given, number: (asked?.number ?? 0) + 1 }))}
            >
              Ask {model}
            </button>
          )}
        </p>
        <label>
          <span>An answer</span>
          <textarea
            rows={6}
            value={text}
            spellcheck={false}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </label>
        <p>
          <button type="button" class="button" onClick={check}>
            Check the answer
          </button>
        </p>
        <div role="status">
          {trouble !== "" && <p class="failure">{trouble}</p>}
          {verdict !== undefined && <TriedVerdictBlock verdict={verdict} />}
          {shownAnswer !== undefined && <ShownParts shown={shownAnswer} of="the answer" />}
        </div>
      </div>
      {asked !== undefined && <TrialRun key={asked.number} item={asked.item} seed={asked.number} />}
    </>
  );
}

/** What was fetched, but not in place of what was typed since it was asked for. */
function unlessTyped(now: string, before: string, fetched: string): string {
  return now === before ? fetched : now;
}

/** How the task shows what stands there, a moment after it was typed; nothing of what is no JSON. */
function useShownItem(item: string): ShownByTask | undefined {
  const [shown, setShown] = useState<ShownByTask>();
  useEffect(() => {
    const abort = new AbortController();
    const timer = setTimeout(() => {
      const value = parsed(item);
      if (value === undefined) return setShown(undefined);
      post<ShownByTask>("show", { item: value }, abort.signal).then(setShown, () => {});
    }, 250);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [item]);
  return shown;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function post<Answer>(what: string, body: object, signal?: AbortSignal): Promise<Answer> {
  return (await send(`/api/try/${what}`, body, signal)).json() as Promise<Answer>;
}
