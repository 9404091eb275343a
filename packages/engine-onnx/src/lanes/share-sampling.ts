import type { TokenCompletion } from "@rrr/trainer";
import type { PartOptions } from "@rrr/trainer/local";
import { blockLength } from "../sample/prefix-cache.ts";

type Sample = (prompt: Int32Array, options: PartOptions) => Promise<readonly TokenCompletion[]>;

/** So many completions of one call stay together, since they share what is read of the prompt. */
const SMALLEST_PART = 8;
/** A lane that has so many tokens more to write than another is not given more for the sake of what it has read. */
const MOST_AHEAD = 2048;
/** Prompts that a lane is thought to have read still. */
const REMEMBERED = 128;

interface LaneLoad {
  readonly sample: Sample;
  /** Tokens that it may still have to write. */
  tokens: number;
  readonly prompts: Int32Array[];
}

/**
 * Samples on several lanes: a call goes where most of its prompt has been read, or else where least is left to do. What is
 * written does not depend on the lane.
 */
export function shareSampling(samplers: readonly Sample[]): Sample {
  const lanes: readonly LaneLoad[] = samplers.map((sample) => ({ sample, tokens: 0, prompts: [] }));

  const sampleOn = async (lane: LaneLoad, prompt: Int32Array, options: PartOptions) => {
    const tokens = options.n * options.maxTokens;
    lane.tokens += tokens;
    lane.prompts.push(prompt);
    if (lane.prompts.length > REMEMBERED) lane.prompts.shift();
    return lane.sample(prompt, options).finally(() => {
      lane.tokens -= tokens;
    });
  };

  const laneFor = (prompt: Int32Array): LaneLoad => {
    const least = Math.min(...lanes.map(({ tokens }) => tokens));
    const open = lanes.filter(({ tokens }) => tokens <= least + MOST_AHEAD);
    const read = open.map((lane) => ({ lane, blocks: blocksRead(lane, prompt) }));
    const best = read.reduce((one, other) => {
      const isBetter =
        other.blocks === one.blocks ? other.lane.tokens < one.lane.tokens : other.blocks > one.blocks;
      return isBetter ? other : one;
    });
    return best.lane;
  };

  return async (prompt, options) => {
    const { n, first = 0 } = options;
    const size = Math.max(SMALLEST_PART, Math.ceil(n / lanes.length));
    const parts: Promise<readonly TokenCompletion[]>[] = [];
    for (let start = 0; start < n; start += size) {
      const part = { ...options, n: Math.min(size, n - start), first: first + start };
      const lane = n > size ? leastLoaded(lanes) : laneFor(prompt);
      parts.push(sampleOn(lane, prompt, part));
    }
    return (await Promise.all(parts)).flat();
  };
}

function leastLoaded(lanes: readonly LaneLoad[]): LaneLoad {
  return lanes.reduce((one, other) => (other.tokens < one.tokens ? other : one));
}

/** Whole blocks at the start of a prompt that the lane was given before. */
function blocksRead({ prompts }: LaneLoad, prompt: Int32Array): number {
  let longest = 0;
  for (const other of prompts) {
    let same = 0;
    while (same < prompt.length && same < other.length && prompt[same] === other[same]) same++;
    longest = Math.max(longest, same);
  }
  return Math.floor(longest / blockLength);
}
