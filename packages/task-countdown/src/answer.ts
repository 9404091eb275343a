/**
 * The text of the last closed `<answer>` pair outside `<think>…</think>`, tags in any case. A `<think>` that is
 * never closed reaches to the end, and one that is never opened began with the output, as where the chat template
 * opens it: what is still being thought is no answer.
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
 * The answer as TinyZero finds it: the last pair, in lower case, of the output's last line. Only where the lenient
 * reading finds the same, so that thoughts and later tags in capitals let nothing through.
 * @see https://github.com/Jiayi-Pan/TinyZero/blob/f36b1b8/verl/utils/reward_score/countdown.py
 */
export function extractStrictAnswer(completion: string): string | undefined {
  const answer = lastPair(completion.slice(completion.lastIndexOf("\n") + 1));
  return answer === extractAnswer(completion) ? answer : undefined;
}

/** As the last match of `<answer>(.*?)</answer>`, which takes quadratic time where nothing is closed. */
function lastPair(line: string): string | undefined {
  const [open, close] = ["<answer>", "</answer>"] as const;
  let answer: string | undefined;
  let end = 0;
  while (true) {
    const start = line.indexOf(open, end) + open.length;
    if (start < open.length) return answer;
    const stop = line.indexOf(close, start);
    if (stop < 0) return answer;
    answer = line.slice(start, stop);
    end = stop + close.length;
  }
}

/** A space takes a thought's place, so that what stood on either side of it does not grow together. */
function withoutThoughts(completion: string): string {
  if (!/<\/?think>/i.test(completion)) return completion;
  const said = completion.replace(/<think>.*?(?:<\/think>|$)/gis, " ");
  return said.slice((/^.*<\/think>/is.exec(said)?.[0] ?? "").length);
}
