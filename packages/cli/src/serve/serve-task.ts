import { type IsolationSettings, isolatePlugin, loadTask } from "@rrr/plugins";
import { createTaskHandler, listen, type TaskProtocol } from "@rrr/server";
import type { RetryFlags } from "../commands/retry-options.ts";
import { type TaskFlags, toTaskOptions } from "../commands/task-options.ts";
import { exit } from "../output/finish.ts";
import { say } from "../output/print.ts";
import { untilInterrupted } from "../run/on-interruption.ts";
import { type AddressFlags, addressOf } from "./address.ts";

/** The options of `rrr serve <plugin>`. */
export interface ServeTaskFlags
  extends TaskFlags,
    IsolationSettings,
    AddressFlags,
    Pick<RetryFlags, "retryLayout"> {
  readonly protocol: TaskProtocol;
  readonly seed: number;
  readonly maxBatch: number;
  /** MiB */
  readonly maxBody: number;
}

/** What requests under way have when the server is to end. */
const GRACE_MS = 10_000;

/** `rrr serve <plugin>` */
export async function serveTask(plugin: string, flags: ServeTaskFlags): Promise<never> {
  const { protocol, seed, maxBatch, maxBody, retryLayout } = flags;
  const address = addressOf(flags);
  const { token } = address;
  const options = toTaskOptions(flags);
  const task = await isolatePlugin(await loadTask(plugin, options, process.cwd()), options, flags);
  const { handle, sockets } = createTaskHandler({
    ...{ task, protocol, seed, maxBatch, maxBodyBytes: maxBody << 20 },
    ...(retryLayout === undefined ? {} : { retryLayout }),
    ...(token === undefined ? {} : { token }),
  });
  const server = await listen(handle, { ...address, sockets });
  const interrupted = untilInterrupted();
  say(`rrr: serves the task ${task.name} at ${server.url}, protocol ${protocol}; Ctrl-C ends it\n`);
  const exitCode = await interrupted;
  say("rrr: the server ends when what is under way is answered; Ctrl-C again ends it now\n");
  await server.close(GRACE_MS);
  await task.close();
  return exit(exitCode);
}
