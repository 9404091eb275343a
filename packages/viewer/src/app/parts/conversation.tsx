import type { EpisodeAnswer, ShownMessage, ShownTurn } from "@rrr/server/view";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { search } from "../lib/ask.ts";
import { count } from "../lib/figures.ts";
import { report } from "../lib/report.ts";
import { codeWords, ROLES } from "../lib/words.ts";
import { VerdictBadge } from "./badges.tsx";
import { ByTask } from "./by-task.tsx";
import { LongText } from "./long-text.tsx";
import { Tokens } from "./tokens.tsx";

interface Props {
  readonly episode: EpisodeAnswer;
  readonly address: string;
}

const SPEAKERS = { system: "System", user: "Prompt", assistant: "Earlier answer, as it was shown" } as const;

/** Turn by turn: what the model was shown that it had not seen or said yet, then what it answered. */
export function Conversation({
  episode: { turns, messages, advantage, stage, shows },
  address,
}: Props): JSX.Element {
  const [isWhole, setWhole] = useState(false);
  const seen = new Set<number>();
  const answered = new Set<number>();
  return (
    <section aria-labelledby="conversation">
      <div class="section-head">
        <h2 id="conversation">Conversation</h2>
        {turns.length > 1 && report?.hasPrompts !== false && (
          <label class="check">
            <input
              type="checkbox"
              checked={isWhole}
              onChange={(event) => setWhole(event.currentTarget.checked)}
            />
            <span>All that each turn was shown</span>
          </label>
        )}
      </div>
      <ol class="turns">
        {turns.map((turn, i) => {
          const fresh = turn.prompt.filter((place) => {
            const message = messages[place];
            const isKnown =
              seen.has(place) || (message?.answerOf !== undefined && answered.has(message.answerOf));
            seen.add(place);
            return isWhole || !isKnown;
          });
          answered.add(i);
          return (
            <li key={turn.position}>
              {fresh.map((place) => (
                <MessageBlock key={place} place={place} message={messages[place]} address={address} />
              ))}
              <TurnBlock
                turn={turn}
                address={address}
                advantage={stage === "train" && turn.role === "reflection" ? advantage : null}
                isShown={shows?.answer === true && turn.verdict !== null}
              />
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function MessageBlock({
  place,
  message,
  address,
}: {
  readonly place: number;
  readonly message: ShownMessage | undefined;
  readonly address: string;
}): JSX.Element | null {
  if (message === undefined) return null;
  const speaker = SPEAKERS[message.role];
  return (
    <div class={`block message from-${message.role}`}>
      <h3>{speaker}</h3>
      <LongText of={message.content} episode={address} name={`message.${place}`} label={speaker} />
      {message.tools !== undefined && (
        <details>
          <summary>Functions on offer</summary>
          <LongText
            of={message.tools}
            episode={address}
            name={`tools.${place}`}
            label="the functions on offer"
          />
        </details>
      )}
    </div>
  );
}

interface TurnProps {
  readonly turn: ShownTurn;
  readonly address: string;
  /** Of a reflection in training. */
  readonly advantage: number | null;
  /** Whether its task shows the answer too. */
  readonly isShown: boolean;
}

function TurnBlock({ turn, address, advantage, isShown }: TurnProps): JSX.Element {
  const { position, role, text, reasoning, verdict, code, detail, finish, hasTokens } = turn;
  const name = ROLES[role] ?? role;
  return (
    <div class={`block answer role-${role} ${verdict === null ? "" : `is-${verdict}`}`}>
      <div class="block-head">
        <h3>{name}</h3>
        {verdict !== null && <VerdictBadge verdict={verdict} />}
        {finish === "length" && <span class="badge cut-off">cut off at the token limit</span>}
        {turn.isCached && <span class="badge">from the cache</span>}
        <span class="spring" />
        <small>{tokenWords(turn)}</small>
      </div>
      {reasoning !== undefined && (
        <details>
          <summary>Reasoning</summary>
          <LongText
            of={reasoning}
            episode={address}
            name={`reasoning.${position}`}
            label={`the reasoning of the ${name}`}
          />
        </details>
      )}
      {finish === "error" ? (
        <p class="failure">{code === null ? "It errored" : codeWords(code)}</p>
      ) : (
        <Answer
          text={text}
          turn={turn}
          address={address}
          name={name}
          hasTokens={hasTokens}
          advantage={advantage}
        />
      )}
      {code !== null && finish !== "error" && (
        <p class="verdict">
          <strong>{codeWords(code)}</strong> <code>{code}</code>
        </p>
      )}
      {detail !== undefined && (
        <LongText of={detail} episode={address} name={`detail.${position}`} label="the reason" />
      )}
      {isShown && (
        <ByTask address={`${address}/shown${search({ turn: position })}`} of={`the answer of the ${name}`} />
      )}
    </div>
  );
}

function Answer({
  text,
  turn,
  address,
  name,
  hasTokens,
  advantage,
}: {
  readonly text: ShownTurn["text"];
  readonly turn: ShownTurn;
  readonly address: string;
  readonly name: string;
  readonly hasTokens: boolean;
  readonly advantage: number | null;
}): JSX.Element {
  const [colour, setColour] = useState<"none" | "advantage" | "probability">("none");
  const choices = [
    ["none", "plain"],
    ...(advantage === null ? [] : [["advantage", "by advantage"]]),
    ["probability", "by probability"],
  ] as const;
  return (
    <>
      {colour === "none" ? (
        <LongText of={text} episode={address} name={`turn.${turn.position}`} label={name} />
      ) : (
        <Tokens address={address} position={turn.position} by={colour} advantage={advantage ?? 0} />
      )}
      {hasTokens && (
        <fieldset class="choice">
          <legend class="hidden">Colours of the tokens of the {name}</legend>
          {choices.map(([each, label]) => (
            <button
              key={each}
              type="button"
              class="quiet"
              aria-pressed={colour === each}
              onClick={() => setColour(each as typeof colour)}
            >
              {label}
            </button>
          ))}
        </fieldset>
      )}
    </>
  );
}

function tokenWords({ tokens, promptTokens, estimated }: ShownTurn): string {
  if (tokens === null) return "tokens not counted";
  const shown = promptTokens === null ? "" : `${count(promptTokens)} in, `;
  const doubt =
    estimated === 1 ? " (estimated)" : estimated === 2 ? " (the server's counts contradict themselves)" : "";
  return `${shown}${count(tokens)} out${doubt}`;
}
