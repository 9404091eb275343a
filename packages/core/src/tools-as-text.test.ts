import { describe, expect, it } from "vitest";
import type { Message } from "./message.ts";
import { toolsOf, withToolsAsText } from "./tools-as-text.ts";

const lookup = { name: "lookup", description: "Finds one", parameters: { type: "object", properties: {} } };
const conversation: readonly Message[] = [
  { role: "system", content: "You can call functions.", tools: [lookup] },
  { role: "user", content: "Find 7." },
];

describe("tools of a conversation", () => {
  it("are those of the first message that has some", () => {
    expect(toolsOf(conversation)).toEqual([lookup]);
    expect(toolsOf([{ role: "user", content: "Hello" }])).toBeUndefined();
  });

  it("can be written into that message's content, and nowhere else", () => {
    const again: Message = { role: "user", content: "Again.", tools: [lookup] };
    expect(withToolsAsText([...conversation, again])).toEqual([
      {
        role: "system",
        content: `You can call functions.\n\nFunctions on offer, as JSON:\n${JSON.stringify(lookup)}`,
      },
      { role: "user", content: "Find 7." },
      { role: "user", content: "Again." },
    ]);
  });

  it("leave a conversation without tools as it is", () => {
    const plain: readonly Message[] = [{ role: "user", content: "Hello" }];
    expect(withToolsAsText(plain)).toEqual(plain);
  });
});
