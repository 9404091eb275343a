import type { Episode } from "@rrr/core";

/** Where a run is: what any display shows of it. */
export interface Progress {
  /** e.g. `before: controls`, `train`; a new name begins a new stage. */
  readonly stage: string;
  readonly done: number;
  readonly total: number;
  /** What is counted, e.g. `problems`. */
  readonly unit: string;
  /** Figures of the moment, e.g. `["first try", "14.7 %"]`, most important first. */
  readonly facts: readonly (readonly [label: string, value: string])[];
  /** Shares of training retries that passed, step by step, as far as this process has seen them. */
  readonly passRates?: readonly number[];
}

/** Shows a run's progress to a person. */
export interface Display {
  update(progress: Progress): void;
  /** One that has just ended; a display shows some of them. */
  episode(episode: Episode): void;
  /** A line that stays. */
  note(line: string): void;
  close(): void;
}
