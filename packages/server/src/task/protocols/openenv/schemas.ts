/** JSON Schemas of what OpenEnv's clients send and get. */
const message = {
  type: "object",
  properties: { role: { enum: ["system", "user", "assistant"] }, content: { type: "string" } },
};
const verdict = {
  type: "object",
  properties: { kind: { enum: ["pass", "fail"] }, code: { type: "string" }, detail: { type: "string" } },
};

export const SCHEMAS: object = {
  action: {
    type: "object",
    properties: {
      completion: {
        type: "string",
        description: "what the model answered to the messages of the observation",
      },
      finish: { enum: ["stop", "length"], default: "stop" },
      metadata: { type: "object" },
    },
    required: ["completion"],
  },
  observation: {
    type: "object",
    properties: {
      episode_id: { type: "string" },
      task: { type: "string" },
      item: { type: ["string", "null"] },
      turn: { enum: ["attempt", "reflection", "retry", "done"] },
      messages: { type: "array", items: message },
      max_tokens: { type: "integer" },
      attempt: verdict,
      retry: verdict,
    },
    required: ["episode_id", "task", "item", "turn"],
  },
  state: {
    type: "object",
    properties: {
      episode_id: { type: ["string", "null"] },
      step_count: { type: "integer", minimum: 0 },
      task: { type: "string" },
      turn: { type: ["string", "null"] },
    },
  },
};
