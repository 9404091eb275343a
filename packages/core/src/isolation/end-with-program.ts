import type { ChildProcess } from "node:child_process";

const running = new Set<ChildProcess>();

/**
 * Kills a child when this program ends, unless it was forgotten first. A child that outlives a `kill -9` of this
 * program finds its standard input at its end.
 */
export function endWithProgram(child: ChildProcess): () => void {
  if (running.size === 0) process.on("exit", killAll);
  running.add(child);
  return () => {
    running.delete(child);
    if (running.size === 0) process.off("exit", killAll);
  };
}

function killAll(): void {
  for (const child of running) child.kill("SIGKILL");
}
