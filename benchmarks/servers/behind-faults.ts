import { type ChatAnswer, createFaultServer, FAULT_KINDS, type FaultServer } from "@rrr/models/testing";

/** Puts a server that fails in front of one that works: each request's first answer is a fault, each kind in turn. */
export function behindFaults(upstream: string): Promise<FaultServer> {
  let faults = 0;
  return createFaultServer({
    plan: ({ attempt }) => (attempt === 1 ? FAULT_KINDS[faults++ % FAULT_KINDS.length] : undefined),
    async answer(body) {
      const response = await fetch(`${upstream}/chat/completions`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      return (await response.json()) as ChatAnswer;
    },
  });
}
