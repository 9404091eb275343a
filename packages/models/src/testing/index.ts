// A server that fails in every way that servers do, and remembers what it really answered.
export { type ChatAnswer, type ChatRequest, rightAnswer } from "./chat.ts";
export { type FaultCampaignSettings, type FaultCounts, runFaultCampaign } from "./fault-campaign.ts";
export {
  createFaultServer,
  type FaultRequest,
  type FaultServer,
  type FaultServerSettings,
} from "./fault-server.ts";
export { FAULT_KINDS, type FaultKind } from "./faults.ts";
export type { Served, Wait } from "./ledger.ts";
