import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { toRequest } from "./node-request.ts";
import { Refusal } from "./refusal.ts";

/** A conversation over a WebSocket: each message of text is answered with one, in order. */
export interface SocketSession {
  /** Never rejects. @returns the answer; undefined ends the session */
  receive(text: string): Promise<string | undefined>;
  /** Is called once, whoever ended the session. */
  close(): void;
}

/** Who takes WebSockets, and what a message may be. */
export interface Sockets {
  /** @throws Refusal for who may not */
  open(request: Request): SocketSession;
  readonly maxMessageBytes: number;
}

/** Messages of one client that wait for those before them; a client that sends more does not wait for answers. */
const MOST_WAITING = 16;
/** A client that has not answered a ping by the next one is gone. */
const PING_MS = 30_000;
const CODES = { goingAway: 1001, textOnly: 1003, tooMany: 1008 } as const;

/** The sessions of a server that ends. */
export interface OpenSockets {
  /** Ends them when what is under way is answered. */
  finish(): void;
  /** Ends them at once. */
  terminate(): void;
}

/** Answers upgrades of a server. */
export function acceptSockets(
  server: Server,
  { open, maxMessageBytes }: Sockets,
  isRefused: (incoming: IncomingMessage) => boolean,
): OpenSockets {
  const conversations = new Set<Conversation>();
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxMessageBytes });
  server.on("upgrade", (incoming, duplex, head) => {
    duplex.on("error", () => duplex.destroy());
    try {
      if (isRefused(incoming)) throw new Refusal(403, "this server answers programs of its own machine");
      const session = open(toRequest(incoming));
      sockets.handleUpgrade(incoming, duplex, head, (socket) => {
        const conversation = converse(socket, session);
        conversations.add(conversation);
        socket.on("close", () => conversations.delete(conversation));
      });
      // Where the handshake is not that of a WebSocket, it was answered, and nobody converses.
      if (duplex.destroyed || duplex.writableEnded) session.close();
    } catch (error) {
      refuse(duplex, error instanceof Refusal ? error.status : 500);
    }
  });
  return {
    finish: () => conversations.forEach(({ finish }) => void finish()),
    terminate: () => sockets.clients.forEach((socket) => void socket.terminate()),
  };
}

interface Conversation {
  /** Hears no more, and ends when what was heard is answered. */
  finish(): void;
}

function converse(socket: WebSocket, session: SocketSession): Conversation {
  let waiting = 0;
  let last: Promise<void> = Promise.resolve();
  const answer = async (text: string): Promise<void> => {
    const said = await session.receive(text);
    waiting--;
    if (said === undefined) socket.close();
    else socket.send(said);
  };
  let isEnding = false;
  let isThere = true;
  const look = setInterval(() => {
    if (!isThere) return socket.terminate();
    isThere = false;
    socket.ping();
  }, PING_MS);
  socket.on("pong", () => {
    isThere = true;
  });
  socket.on("message", (data, isBinary) => {
    if (isEnding) return;
    if (isBinary) socket.close(CODES.textOnly);
    else if (++waiting > MOST_WAITING) socket.close(CODES.tooMany);
    else last = last.then(() => answer(String(data)));
  });
  // `close` follows.
  socket.on("error", () => {});
  socket.on("close", () => {
    clearInterval(look);
    session.close();
  });
  return {
    finish() {
      isEnding = true;
      void last.then(() => socket.close(CODES.goingAway));
    },
  };
}

function refuse(duplex: Duplex, status: number): void {
  duplex.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
