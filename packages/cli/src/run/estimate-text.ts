import { count, type EstimateEvent } from "@rrr/runs";

/**
 * What a run against a server that is paid will take: `50 to 450 requests to https://…; likely about $0.08, at most
 * $0.90`.
 */
export function estimateText({ server, requests, costUsd }: Omit<EstimateEvent, "kind">): string {
  const { least, most } = requests;
  const asked = `${least === most ? count(most) : `${count(least)} to ${count(most)}`} requests to ${server}`;
  if (costUsd === undefined) return `${asked}, fewer with kept answers; --prices says what they cost`;
  const { likely, most: highest } = costUsd;
  return `${asked}, fewer with kept answers; likely about ${dollars(likely)} if half of the problems fail at first and answers take a quarter of their limit, at most about ${dollars(highest)}`;
}

/** Two digits that count, whatever the amount. */
function dollars(amount: number): string {
  return `$${amount >= 1 ? amount.toFixed(2) : Number(amount.toPrecision(2))}`;
}
