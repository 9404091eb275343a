import type { RetryLayout, Task } from "@rrr/core";

/** Whose requests a served task answers: those of rrr itself, or of another framework. */
export type TaskProtocol = "rrr" | "nemo-gym" | "openrlhf" | "openenv";

/** What is served, and its limits. */
export interface TaskServerSettings<Item = unknown> {
  /** Its verifier meets completions of strangers: isolate it (`isolatePlugin` of @rrr/plugins, `isolate` of @rrr/core). */
  readonly task: Task<Item>;
  /** Default `rrr`. */
  readonly protocol?: TaskProtocol;
  /** Clients must send it as `X-API-Key` or `Authorization: Bearer`. Default: none is asked for. */
  readonly token?: string;
  /** Of the task's problems. Default 0. */
  readonly seed?: number;
  /** What retries are shown. Default: the task's. */
  readonly retryLayout?: RetryLayout;
  /** Default 16 MiB. */
  readonly maxBodyBytes?: number;
  /** Most completions, or problems, of one request. Default 1,024. */
  readonly maxBatch?: number;
  /** Most episodes at once. Default 10,000. */
  readonly maxEpisodes?: number;
  /** An episode that nobody goes on with for so long is dropped. Default 3,600. */
  readonly episodeSeconds?: number;
  /** Default: 5,000. */
  readonly verifyTimeoutMs?: number;
}

export type TaskServerLimits = Required<
  Omit<TaskServerSettings, "token" | "protocol" | "retryLayout" | "verifyTimeoutMs">
> &
  Pick<TaskServerSettings, "retryLayout" | "verifyTimeoutMs">;

type Defaults = Pick<
  TaskServerLimits,
  "seed" | "maxBodyBytes" | "maxBatch" | "maxEpisodes" | "episodeSeconds"
>;

export const TASK_SERVER_DEFAULTS: Defaults = {
  seed: 0,
  maxBodyBytes: 16 << 20,
  maxBatch: 1024,
  maxEpisodes: 10_000,
  episodeSeconds: 3_600,
};
