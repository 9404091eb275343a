import type { ReportData, ReportedEpisodes } from "@rrr/server/report";
import type { JSX } from "preact";
import { count, moment } from "../lib/figures.ts";

/** What a report has of its runs, and what it leaves out: said on every page of it. */
export function AboutReport({ report }: { readonly report: ReportData }): JSX.Element {
  const { made, version, runs, hasPrompts, settingsLeftOut, textLength, stepsPerPoint } = report;
  const all = Object.values(runs);
  const kept = all.reduce((sum, { entries }) => sum + entries.length, 0);
  const total = all.reduce((sum, each) => sum + each.total, 0);
  return (
    <footer class="about">
      <h2>About this report</h2>
      <p>
        Made {moment(made)} by rrr {version}. It has all figures, and {count(kept)} of {count(total)}{" "}
        episodes. Texts end after {count(textLength)} characters.
        {stepsPerPoint > 1 && ` Curves have every ${stepsPerPoint}th step.`}
      </p>
      <p>
        {hasPrompts
          ? "Problems and prompts are in it. "
          : "Problems, prompts and what the checker said of answers are left out; answers may quote them. "}
        Paths, addresses, names of users and names of keys are left out: [path], [address], [name], [key] or
        […] stands in their place.
        {settingsLeftOut > 0 &&
          ` ${count(settingsLeftOut)} ${settingsLeftOut === 1 ? "setting is" : "settings are"} not told, as they may say such a thing.`}
      </p>
    </footer>
  );
}

/** Which of a run's episodes are here: a reader must not take them for all. */
export function Sample({ of }: { readonly of: ReportedEpisodes | undefined }): JSX.Element | null {
  if (of === undefined || of.entries.length === of.total) return null;
  return (
    <p class="warning">
      {count(of.entries.length)} of {count(of.total)} episodes are in this report. They were chosen by chance:
      first problems that flipped, then others in turn from every stage and path, so that the rare ones are
      here too. So how many there are of a kind says nothing of the run.
    </p>
  );
}
