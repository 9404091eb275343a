import { Worker } from "node:worker_threads";

/** The pipe to the command, which nothing is written to: it closes when the command is gone, killed or not. */
const LIFELINE = 4;

/** Ends this process with the command. A thread of its own sees to it: a plugin's endless loop blocks this one. */
export function endWithCommand(): void {
  const watch = `
    const { Socket } = require("node:net");
    new Socket({ fd: ${LIFELINE} }).resume().on("close", () => process.kill(process.pid, "SIGKILL"));
  `;
  new Worker(watch, { eval: true }).unref();
}
