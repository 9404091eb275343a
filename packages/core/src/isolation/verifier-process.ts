/** What a child process runs: one thread that verifies; this one stays free to end it. Started by `startProcess`. */
import type { Batch, Host, HostEvent } from "./host.ts";
import { startThread, type ThreadSettings } from "./thread-host.ts";

let host: Host | undefined;

process.on("message", (message: ThreadSettings | Batch) => {
  if ("source" in message) host = startThread(message, (event: HostEvent) => process.send?.(event));
  else host?.ask(message);
});

// The parent is gone, however it went. An orderly exit would wait for the thread.
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
// Ctrl-C reaches the whole group of processes; when to end is the parent's to say.
process.on("SIGINT", () => {});
