/** What requests take, or may take at most. */
export interface Amount {
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** US dollars; undefined where a price is not known. */
  readonly costUsd: number | undefined;
}

export const NOTHING: Amount = { promptTokens: 0, completionTokens: 0, costUsd: 0 };

export function plus(a: Amount, b: Amount): Amount {
  return add(a, b, 1);
}

export function minus(a: Amount, b: Amount): Amount {
  return add(a, b, -1);
}

export function times({ promptTokens, completionTokens, costUsd }: Amount, count: number): Amount {
  return {
    promptTokens: promptTokens * count,
    completionTokens: completionTokens * count,
    costUsd: costUsd === undefined ? undefined : costUsd * count,
  };
}

function add(a: Amount, b: Amount, sign: 1 | -1): Amount {
  return {
    promptTokens: a.promptTokens + sign * b.promptTokens,
    completionTokens: a.completionTokens + sign * b.completionTokens,
    costUsd: a.costUsd === undefined || b.costUsd === undefined ? undefined : a.costUsd + sign * b.costUsd,
  };
}
