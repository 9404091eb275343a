import type { Json } from "@rrr/tinker-protocol";
import type { Reduction } from "./carrier.ts";
import type { Bounds } from "./check-data.ts";
import { findModel } from "./model-bounds.ts";
import { findReduction, probeDatum } from "./probe.ts";
import { profileOf, type ServerProfile } from "./server-profile.ts";
import type { TinkerEngineSettings } from "./settings.ts";
import { type Connection, createConnection } from "./wire/connection.ts";
import { jsonOf } from "./wire/futures.ts";
import {
  type Adapter,
  createRemoteModel,
  discard,
  type Remote,
  unloadDiscarded,
} from "./wire/remote-model.ts";
import { keyHeaders, serverAddress } from "./wire/server-address.ts";
import { openSession } from "./wire/session.ts";

/** A session on a server of which is known how it computes. */
export interface Server {
  readonly connection: Connection;
  readonly remote: Remote;
  readonly adapter: Adapter;
  readonly bounds: Bounds;
  readonly reduction: Reduction;
  readonly profile: ServerProfile;
  /** Ends the heartbeats, and so in time whatever the session has. */
  close(): Promise<void>;
}

/** Opens a session, and finds out with a model that is thrown away what the server does not say. */
export async function openServer(settings: TinkerEngineSettings): Promise<Server> {
  const { rank = 32, seed = 0, timeout = 3600, heartbeat = 10 } = settings;
  const [root, key] = [serverAddress(settings.baseUrl), keyHeaders(settings.apiKey)];
  const connection = createConnection(root, key);
  const capabilities: Json = jsonOf(
    await connection.hello("get_server_capabilities"),
    "get_server_capabilities",
  );
  const { name, bounds } = await findModel(capabilities, settings);
  const session = await openSession(connection, root, key, heartbeat);
  try {
    const { dialect = "auto", reduction: asked = "auto", tokenizer } = settings;
    const remote: Remote = {
      connection,
      session: session.id,
      timeout,
      dialect,
      modelSeq: 0,
      ids: new Set(),
      discarded: [],
    };
    const adapter = { model: name, rank, seed };
    const probe = await createRemoteModel(remote, adapter);
    const { reduction, metrics } = await findReduction(probe, probeDatum(tokenizer), asked).catch(
      async (error) => {
        // Else it would keep its place on the server until the session ends there.
        await probe.unload().catch(() => {});
        throw error;
      },
    );
    await discard(remote, adapter, probe);
    const profile = profileOf(capabilities, metrics, reduction);
    const close = async (): Promise<void> => {
      await unloadDiscarded(remote);
      await session.close();
    };
    return { connection, remote, adapter, bounds, reduction, profile, close };
  } catch (error) {
    await session.close();
    throw error;
  }
}
