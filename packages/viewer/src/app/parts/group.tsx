import type { EpisodeAnswer, GroupMember } from "@rrr/server/view";
import type { JSX } from "preact";
import { signed } from "../lib/figures.ts";
import { isHere } from "../lib/report.ts";
import { hrefOf } from "../lib/route.ts";
import { codeWords } from "../lib/words.ts";
import { PathBadge } from "./badges.tsx";
import { LongText } from "./long-text.tsx";

interface Props {
  readonly id: string;
  readonly episode: EpisodeAnswer;
  readonly members: readonly GroupMember[];
}

/** All reflections on one failure beside each other, the best first: what training tells apart. */
export function Group({ id, episode, members }: Props): JSX.Element {
  const isTraining = episode.stage === "train";
  const ordered = members.toSorted((a, b) => (b.advantage ?? b.reward ?? 0) - (a.advantage ?? a.reward ?? 0));
  const title = isTraining
    ? `The group of ${members.length} reflections`
    : `${members.length} samples of the problem`;
  return (
    <section aria-labelledby="group">
      <h2 id="group">{title}</h2>
      {isTraining && members.every(({ advantage }) => advantage === null || advantage === 0) && (
        <p class="note">Their rewards are equal: this group taught the model nothing.</p>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: without a mouse it could not be scrolled */}
      <ol class="group" tabIndex={0} aria-labelledby="group">
        {ordered.map((member) => (
          <li key={member.id} class={member.id === episode.id ? "is-own" : ""}>
            <Member id={id} member={member} isOwn={member.id === episode.id} isTraining={isTraining} />
          </li>
        ))}
      </ol>
    </section>
  );
}

interface MemberProps {
  readonly id: string;
  readonly member: GroupMember;
  readonly isOwn: boolean;
  readonly isTraining: boolean;
}

function Member({ id, member, isOwn, isTraining }: MemberProps): JSX.Element {
  const { path, reward, advantage, error, turns } = member;
  const shown = isTraining ? turns.filter(({ role }) => role !== "attempt") : turns;
  const address = `/api/runs/${id}/episodes/${member.id}`;
  return (
    <>
      <div class="block-head">
        {isHere(address) ? (
          <a href={hrefOf(`run/${id}/episode/${member.id}`)} aria-current={isOwn ? "true" : undefined}>
            no. {member.sample + 1}
          </a>
        ) : (
          <span>no. {member.sample + 1}</span>
        )}
        <PathBadge path={path} />
      </div>
      {(reward !== null || advantage !== null) && (
        <p class="member-figures">
          {reward !== null && `reward ${signed(reward)}`}
          {advantage !== null && (
            <>
              {" · advantage "}
              <strong class={advantage > 0 ? "up" : advantage < 0 ? "down" : ""}>{signed(advantage)}</strong>
            </>
          )}
        </p>
      )}
      {error !== null && <p class="failure">{error}</p>}
      {shown.map(({ position, role, text, code, finish }) => (
        <div key={position} class="member-turn">
          <h3>
            {role}
            {finish === "length" && " (cut off)"}
          </h3>
          <LongText of={text} episode={address} name={`turn.${position}`} label={`the ${role}`} />
          {code !== null && <p class="verdict">{codeWords(code)}</p>}
        </div>
      ))}
    </>
  );
}
