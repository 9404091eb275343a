import { visible } from "@rrr/core";
import type { TokensAnswer } from "@rrr/server/view";
import type { JSX } from "preact";
import { search } from "../lib/ask.ts";
import { signed } from "../lib/figures.ts";
import { useAsked } from "../lib/use-asked.ts";
import { Failed, Loading } from "./notice.tsx";

interface Props {
  readonly address: string;
  readonly position: number;
  readonly by: "advantage" | "probability";
  readonly advantage: number;
}

/** Limits of the shades, in nats: e⁻⁰·¹ is 90 %, e⁻³ is 5 %. */
const SHADES = [-0.1, -0.5, -1.2, -3];

/**
 * The tokens of a text one by one. All of a reflection's have the advantage of the whole; the less likely a token was, the
 * more of the gradient it carries, so the shade says that in both.
 */
export function Tokens({ address, position, by, advantage }: Props): JSX.Element {
  const { answer, error } = useAsked<TokensAnswer>(`${address}/tokens${search({ turn: position })}`);
  if (error !== undefined) return <Failed error={error} />;
  if (answer === undefined) return <Loading what="the tokens" />;
  if (answer.kind === "none") return <p class="note">The tokens cannot be shown: {answer.why}.</p>;
  const hue = by === "probability" ? "rare" : advantage > 0 ? "up" : advantage < 0 ? "down" : "zero";
  return (
    <>
      <pre class="text tokens">
        {answer.tokens.map(({ text, logprob }, i) => (
          <span
            key={i}
            class={`token ${hue}-${shadeOf(logprob)}`}
            title={`${(Math.exp(logprob) * 100).toPrecision(3)} %, ${logprob.toFixed(2)} nats`}
          >
            {visible(text)}
          </span>
        ))}
      </pre>
      <p class="note">
        {by === "advantage"
          ? `Advantage ${signed(advantage)}: ${advantage > 0 ? "made more likely" : advantage < 0 ? "made less likely" : "no gradient"}. `
          : ""}
        The darker, the less likely the token was when it was sampled.
      </p>
    </>
  );
}

function shadeOf(logprob: number): number {
  return SHADES.filter((limit) => logprob < limit).length;
}
