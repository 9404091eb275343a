/** What a child process runs: one thread that verifies; this one stays free to end it. Started by `startProcess`. */
import type { HostEvent } from "./host.ts";
import type { Parcel } from "./pack.ts";
import { startThread, type ThreadHost, type ThreadSettings } from "./thread-host.ts";

let host: ThreadHost | undefined;

process.on("message", (message: ThreadSettings | Parcel) => {
  if ("source" in message) host = startThread(message, (event: HostEvent) => process.send?.(event));
  else host?.forward(message);
});

// The parent is gone, however it went. An orderly exit would wait for the thread.
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
// Ctrl-C and a closed terminal reach the whole group of processes; when to end is the parent's to say.
process.on("SIGINT", () => {});
process.on("SIGHUP", () => {});
