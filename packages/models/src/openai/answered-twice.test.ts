import { type AddressInfo, createServer, type Socket } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { modelAt } from "../../test/serve.ts";

const REQUESTS = 60;

/** How often, and when after the answer, the answer is sent once more on the same connection. */
interface Again {
  readonly afterMs: number | undefined;
  readonly every: number;
  /** Another id, as where a gateway has asked twice. */
  readonly otherId?: boolean;
}

/** Answers each question with itself, keeps connections open whatever the client wants, and says some things twice. */
async function repeatingServer({ afterMs, every, otherId }: Again): Promise<string> {
  let answers = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on("error", () => {}));
    let received = "";
    socket.on("data", (data) => {
      received += data.toString();
      for (let request = firstRequest(received); request !== undefined; request = firstRequest(received)) {
        received = received.slice(request.end);
        const { content } = JSON.parse(request.body).messages[0];
        answers++;
        const reply = replyTo(content, answers);
        if (answers % every !== 0) socket.write(reply);
        else if (afterMs === undefined) socket.write(reply + reply);
        else {
          socket.write(reply);
          const again = otherId === true ? replyTo(content, answers + 1_000) : reply;
          setTimeout(() => socket.writable && socket.write(again), afterMs);
        }
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

function firstRequest(text: string): { readonly body: string; readonly end: number } | undefined {
  const head = text.indexOf("\r\n\r\n") + 4;
  const length = Number(/content-length: *(\d+)/i.exec(text)?.[1]);
  if (head < 4 || text.length < head + length) return undefined;
  return { body: text.slice(head, head + length), end: head + length };
}

function replyTo(content: string, id: number): string {
  const choices = [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }];
  const body = JSON.stringify({ id: `chatcmpl-${id}`, object: "chat.completion", choices });
  return `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
}

it.each<[string, Again]>([
  ["at once", { afterMs: undefined, every: 1 }],
  ["in the same moment", { afterMs: 0, every: 3 }],
  ["while the next request is under way", { afterMs: 5, every: 2 }],
  ["late, as another answer", { afterMs: 20, every: 2, otherId: true }],
])("an answer that comes twice, %s, is nobody else's answer", async (_, again) => {
  const model = modelAt(await repeatingServer(again), { concurrency: 4 });
  const questions = Array.from({ length: REQUESTS }, (_, i) => `question ${i}`);
  const answers = await Promise.all(
    questions.map((content, seed) =>
      model.generate([{ role: "user", content }], { maxTokens: 16, temperature: 0, seed }),
    ),
  );
  expect(answers.map(([answer]) => answer?.text)).toEqual(questions);
});
