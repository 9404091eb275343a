/**
 * The text of the last closed `<answer>` pair outside `<think>…</think>`, tags in any case. A `<think>` that is
 * never closed reaches to the end: what is still being thought is no answer.
 * @returns undefined without such a pair.
 */
export function extractAnswer(completion: string): string | undefined {
  const text = withoutThoughts(completion);
  const tags = /<(\/?)answer>/gi;
  let start = -1;
  let answer: string | undefined;
  for (let tag = tags.exec(text); tag !== null; tag = tags.exec(text)) {
    if (tag[1] === "") {
      start = tags.lastIndex;
    } else if (start >= 0) {
      answer = text.slice(start, tag.index);
      start = -1;
    }
  }
  return answer;
}

/**
 * The answer as TinyZero finds it: the last pair, in lower case, of the output's last line.
 * @see https://github.com/Jiayi-Pan/TinyZero/blob/f36b1b8/verl/utils/reward_score/countdown.py
 */
export function extractStrictAnswer(completion: string): string | undefined {
  const text = withoutThoughts(completion);
  const line = text.slice(text.lastIndexOf("\n") + 1);
  let answer: string | undefined;
  for (const pair of line.matchAll(/<answer>(.*?)<\/answer>/g)) answer = pair[1];
  return answer;
}

/** A space takes a thought's place, so that what stood on either side of it does not grow together. */
function withoutThoughts(completion: string): string {
  if (!/<think>/i.test(completion)) return completion;
  return completion.replace(/<think>.*?(?:<\/think>|$)/gis, " ");
}
