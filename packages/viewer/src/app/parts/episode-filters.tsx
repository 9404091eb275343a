import type { CountsAnswer } from "@rrr/server/view";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { Filters } from "../lib/episode-list.ts";
import { count } from "../lib/figures.ts";
import { useKeys } from "../lib/use-asked.ts";
import { codeWords, PATHS, STAGES } from "../lib/words.ts";

interface Props {
  readonly filters: Filters;
  readonly set: (changes: Filters) => void;
  readonly counts: CountsAnswer["counts"];
}

type Counted = CountsAnswer["counts"][number];

const ORDERS = [
  ["", "as recorded"],
  ["-recorded", "newest first"],
  ["advantage", "highest advantage"],
  ["-advantage", "lowest advantage"],
  ["tokens", "most tokens"],
  ["-tokens", "fewest tokens"],
] as const;

/** Each choice says how many episodes it leaves, given the others. */
export function EpisodeFilters({ filters, set, counts }: Props): JSX.Element {
  const box = useRef<HTMLInputElement>(null);
  useKeys({ "/": () => box.current?.focus() });
  const rest = (name: "stage" | "path" | "code" | "cut"): readonly Counted[] =>
    counts.filter(
      (each) =>
        (name === "stage" || !filters.stage || each.stage === filters.stage) &&
        (name === "path" || !filters.path || each.path === filters.path) &&
        (name === "code" || !filters.code || each.code === filters.code) &&
        (name === "cut" || !filters.cut || (each.cut === 1) === (filters.cut === "yes")),
    );
  return (
    <search class="filters">
      <label class="grow">
        <span>Search problems, answers and reasons</span>
        <input
          ref={box}
          type="search"
          value={filters.text ?? ""}
          placeholder="words that all appear; prompts are not searched"
          onInput={(event) => set({ text: event.currentTarget.value })}
        />
      </label>
      <Choice
        label="Stage"
        value={filters.stage}
        any="any"
        options={tally(rest("stage"), ({ stage }) => stage).map(([value, n]) => [
          value,
          STAGES[value] ?? value,
          n,
        ])}
        choose={(stage) => set({ stage, ...(stage === "train" ? {} : { step: "" }) })}
      />
      <Choice
        label="Path"
        value={filters.path}
        any="any"
        options={tally(rest("path"), ({ path }) => path).map(([value, n]) => [
          value,
          PATHS[value] ?? value,
          n,
        ])}
        choose={(path) => set({ path })}
      />
      <Choice
        label="Reason"
        value={filters.code}
        any="any"
        options={tally(
          rest("code").filter(({ code }) => code !== null),
          ({ code }) => code as string,
        ).map(([value, n]) => [value, codeWords(value), n])}
        choose={(code) => set({ code })}
      />
      <Choice
        label="Cut off"
        value={filters.cut}
        any="either"
        options={tally(rest("cut"), ({ cut }) => (cut === 1 ? "yes" : "no")).map(([value, n]) => [
          value,
          value,
          n,
        ])}
        choose={(cut) => set({ cut })}
      />
      <label class="narrow">
        <span>Step</span>
        <input
          type="number"
          min={1}
          inputMode="numeric"
          value={filters.step ?? ""}
          onInput={(event) => set({ step: event.currentTarget.value.replaceAll(/\D/g, "") })}
        />
      </label>
      <label>
        <span>Order</span>
        <select value={filters.order ?? ""} onChange={(event) => set({ order: event.currentTarget.value })}>
          {ORDERS.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </label>
    </search>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string | undefined;
  /** What stands for no choice. */
  readonly any: string;
  readonly options: readonly (readonly [value: string, label: string, count: number])[];
  readonly choose: (value: string) => void;
}

function Choice({ label, value = "", any, options, choose }: ChoiceProps): JSX.Element {
  // A link may choose what this run has none of.
  const isKnown = value === "" || options.some(([each]) => each === value);
  return (
    <label>
      <span>{label}</span>
      <select value={value} onChange={(event) => choose(event.currentTarget.value)}>
        <option value="">{any}</option>
        {options.map(([each, text, n]) => (
          <option key={each} value={each}>
            {text} ({count(n)})
          </option>
        ))}
        {!isKnown && <option value={value}>{value} (0)</option>}
      </select>
    </label>
  );
}

function tally(
  counts: readonly Counted[],
  nameOf: (counted: Counted) => string,
): readonly (readonly [string, number])[] {
  const sums = new Map<string, number>();
  for (const each of counts) sums.set(nameOf(each), (sums.get(nameOf(each)) ?? 0) + each.count);
  return [...sums].sort(([, a], [, b]) => b - a);
}
