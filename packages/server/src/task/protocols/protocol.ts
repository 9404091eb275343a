import type { Route } from "../../http/router.ts";
import type { SocketSession } from "../../http/sockets.ts";

/** What a protocol answers. */
export interface Protocol {
  readonly routes: readonly Route[];
  /** A conversation over a WebSocket at `/ws`, where the protocol has that. @throws Refusal */
  open?(): SocketSession;
}
