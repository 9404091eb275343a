/**
 * What an output says outside `<think>…</think>`, tags in any case. A thought that is never closed reaches to the
 * end; one that is never opened began with the output, as where the chat template opens it.
 */
export function withoutThoughts(output: string): string {
  const tags = /<(\/?)think>/gi;
  let said = "";
  let start = 0;
  let thinking = false;
  for (let tag = tags.exec(output); tag !== null; tag = tags.exec(output)) {
    const closes = tag[1] === "/";
    if (closes && !thinking) said = "";
    // A line break, so that what stood on either side of a thought does not grow together: not even in a JSON string,
    // which cannot hold one.
    else if (!closes && !thinking) said += `${output.slice(start, tag.index)}\n`;
    thinking = !closes;
    if (closes) start = tags.lastIndex;
  }
  return thinking ? said : said + output.slice(start);
}
