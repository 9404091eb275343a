/** Runs that an older version wrote, shown as today's tables: readers know one schema. */

export const OLDEST_READABLE = 2;

/** Versions by the SHA-256 of their tables: see known-tables.ts. A new version adds that of the one before it. */
export const OLDER_TABLES: ReadonlyMap<string, number> = new Map([
  ["c2aba1c5828a2f00edbc70b23daecaa0f700a71e0a01163c1ca4b0e37447a40f", 2],
]);

/** Names of stages as version 2 had them: the part of an evaluation was at their end. */
const STAGE = `CASE WHEN stage LIKE 'evaluate-before%' THEN 'before' WHEN stage LIKE 'evaluate-after%' THEN 'after'
    WHEN stage LIKE 'evaluate%' THEN 'evaluate' ELSE stage END AS stage`;

/** Temporary views stand before the tables of the file, and leave it as it is. */
export const OLDER_VIEWS: string = `
CREATE TEMP VIEW item AS SELECT id, '' AS hash, item AS json FROM main.episode;
CREATE TEMP VIEW message AS
  SELECT NULL AS id, NULL AS hash, NULL AS parent, NULL AS role, NULL AS content, NULL AS tools WHERE 0;
CREATE TEMP VIEW episode AS SELECT
    id, ${STAGE},
    CASE WHEN stage LIKE '%-greedy' THEN 'greedy' WHEN stage LIKE 'evaluate%' THEN 'episodes' END AS part,
    step, problem, member AS sample, kind, id AS item, NULL AS failure, NULL AS request, reward, advantage, error_code, error,
    NULL AS error_turn, controls, NULL AS seconds, '' AS recorded_at
  FROM main.episode;
CREATE TEMP VIEW turn AS SELECT
    episode, position, role, NULL AS prompt, text, reasoning, finish, prompt_tokens, tokens, 0 AS cached,
    0 AS estimated, verdict, code, detail, NULL AS token_ids, NULL AS logprobs
  FROM main.turn;
CREATE TEMP VIEW outcome AS SELECT ${STAGE}, problem, member AS sample, measure, outcome FROM main.outcome;
CREATE TEMP VIEW mining AS SELECT
    1 AS id, 0 AS items, 0 AS mastered, count(*) AS failures, 0 AS errored, 0 AS attempts, 0 AS sampled_tokens,
    1 AS done
  FROM main.episode WHERE stage = 'mine';
CREATE TEMP VIEW step AS SELECT
    step, reward AS pass_rate, kept, dropped, errored, sampled_tokens, reflection_tokens, truncated, loss, kl, entropy,
    clipped, grad_norm, learning_rate, sampling_seconds, update_seconds, '' AS recorded_at
  FROM main.step;
CREATE TEMP VIEW evaluation AS SELECT ${STAGE}, measure, successes, trials, share, low, high FROM main.evaluation;
CREATE TEMP VIEW news AS SELECT
    id AS seq, 'episode' AS kind, ${STAGE}, id AS episode, step FROM main.episode;
`;
