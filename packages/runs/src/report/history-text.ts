import type { RetryLayout, ShownAs, TemplateHistory } from "@rrr/core";

/** What a chat template does to earlier answers, and what follows from it, in sentences; none where it keeps them. */
export function historyText(
  { attempt, reflection, tags, opensThought }: TemplateHistory,
  layout: RetryLayout = "conversation",
): readonly string[] {
  const thought = tags === undefined ? "the thought" : `${tags.open}…${tags.close}`;
  const ofReflection = {
    whole: [],
    trimmed: ["The chat template drops white space of reflections: retries are shown all but that."],
    "without thoughts": [
      `The chat template leaves ${thought} out of earlier answers: a retry is shown what stands after its reflection's ` +
        "thought, and only that is trained. A thought that is cut off is no reflection: its retry is a blind one, and earns nothing.",
      ...(opensThought
        ? [`It opens the thought itself: an answer without ${tags?.close} is all thought.`]
        : []),
    ],
    rewritten: [
      "The chat template does NOT show reflections as they were written: what retries were shown is not known.",
    ],
  }[shownIn(layout, reflection)];
  const ofAttempt = {
    whole: [],
    trimmed: ["The chat template drops white space of failed attempts."],
    "without thoughts": ["The thought of a failed attempt is not shown either, unless it was cut off."],
    rewritten: ["Failed attempts are NOT shown as they were written."],
  }[attempt];
  return [...ofReflection, ...ofAttempt];
}

/** A note is no earlier answer to a template: it is as it was written, but for a thought, which is no part of it. */
function shownIn(layout: RetryLayout, reflection: ShownAs): ShownAs {
  return layout === "note" && reflection !== "without thoughts" ? "whole" : reflection;
}

/** What a run keeps and says of its model's template: nothing where that shows earlier answers to the letter. */
export function worthSaying(
  history: TemplateHistory | undefined,
  layout: RetryLayout = "conversation",
): { readonly history?: TemplateHistory } {
  const isWhole = history?.attempt === "whole" && shownIn(layout, history.reflection) === "whole";
  return history === undefined || isWhole ? {} : { history };
}

const SHOWN_AS: readonly unknown[] = ["whole", "trimmed", "without thoughts", "rewritten"];

/** Of what a run has stored: a folder from elsewhere may hold anything. */
export function historyOf(identity: Readonly<Record<string, unknown>>): TemplateHistory | undefined {
  const { history } = (identity.model ?? {}) as { readonly history?: Partial<TemplateHistory> | null };
  if (!SHOWN_AS.includes(history?.attempt) || !SHOWN_AS.includes(history?.reflection)) return undefined;
  const { attempt, reflection, tags, opensThought } = history as TemplateHistory;
  const areTags = typeof tags?.open === "string" && typeof tags.close === "string";
  return {
    attempt,
    reflection,
    ...(areTags ? { tags: { open: tags.open, close: tags.close } } : {}),
    opensThought: opensThought === true,
  };
}
