import {
  hasToolsSlot,
  type Message,
  RrrError,
  type ToolDefinition,
  toolsOf,
  withToolsAsText,
} from "@rrr/core";
import { boundedTemplate, type Render } from "./bounded-template.ts";
import { reasonOf, show } from "./show.ts";
import { parseJson, type TextFiles } from "./text-files.ts";

const HINT =
  "Take the template from where the weights are from, or write a chat_template.jinja into the folder.";

/**
 * The template of a model's files: renders a conversation, the assistant's turn opened.
 * @param config tokenizer_config.json
 * @throws bad-model, also from rendering: for a template that fails or loses what the user says
 */
export function chatTemplate(
  files: TextFiles,
  config: Record<string, unknown>,
): (messages: readonly Message[]) => string {
  const template = parse(sourceOf(files, config));
  const tokens = { bos_token: tokenText(config.bos_token), eos_token: tokenText(config.eos_token) };

  function render(messages: readonly Message[], tools?: readonly ToolDefinition[]): string {
    let text: string;
    try {
      text = template({
        messages: messages.map(({ role, content }) => ({ role, content })),
        add_generation_prompt: true,
        ...tokens,
        // As Hugging Face transformers hand functions to a template: none is `none`, not undefined.
        tools: tools?.map((tool) => ({ type: "function", function: tool })) ?? null,
      });
    } catch (cause) {
      if (RrrError.is(cause)) throw cause;
      throw bad(`the chat template refuses a conversation: ${reasonOf(cause)}`, cause);
    }
    // The assistant's turns are another matter: many templates take the thinking out of them.
    const lost = messages.find(({ role, content }) => role !== "assistant" && !text.includes(content.trim()));
    if (lost === undefined) return text;
    throw bad(
      `the chat template drops what the ${lost.role} says: ${show(lost.content)} is not in the prompt`,
    );
  }

  render([{ role: "user", content: "What is 2 + 2?" }]);
  const showsTools = hasToolsSlot(render);
  return (messages) => (showsTools ? render(messages, toolsOf(messages)) : render(withToolsAsText(messages)));
}

/** Special tokens are written as a text or as `{content}`. */
export function tokenText(token: unknown): string {
  const text = typeof token === "object" && token !== null && "content" in token ? token.content : token;
  return typeof text === "string" ? text : "";
}

function parse(source: string): Render {
  try {
    return boundedTemplate(source);
  } catch (cause) {
    if (RrrError.is(cause)) throw cause;
    throw bad(`the chat template does not parse: ${reasonOf(cause)}`, cause);
  }
}

/** Where Hugging Face transformers find it: the newest place first. */
function sourceOf(files: TextFiles, config: Record<string, unknown>): string {
  const source =
    files.get("chat_template.jinja") ??
    config.chat_template ??
    (files.has("chat_template.json") ? parseJson(files, "chat_template.json").chat_template : undefined);
  if (typeof source === "string") return source;
  if (Array.isArray(source)) return defaultOf(source);
  throw new RrrError("bad-model", "the model has no chat template", {
    hint: "Use an instruction-tuned model, or add a chat_template.jinja to its folder.",
  });
}

/** Of several, each `{name, template}`. */
function defaultOf(templates: readonly unknown[]): string {
  const named = templates.map(
    (entry) => (entry ?? {}) as { readonly name?: unknown; readonly template?: unknown },
  );
  const template = named.find(({ name }) => name === "default")?.template;
  if (typeof template === "string") return template;
  const names = named.map(({ name }) => show(name)).join(", ");
  throw new RrrError("bad-model", `none of the model's chat templates is called default: there is ${names}`, {
    hint: "Write the one that is meant into a chat_template.jinja in the model's folder.",
  });
}

function bad(message: string, cause?: unknown): RrrError {
  return new RrrError("bad-model", message, { cause, hint: HINT });
}
