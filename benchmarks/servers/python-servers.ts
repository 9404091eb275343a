import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createOpenAIModel, type OpenAIModel, type OpenAIModelSettings } from "@rrr/models";
import { type LocalServer, startServer } from "./local-server.ts";

/** A server from PyPI that runs the same weights. */
export interface PythonServer {
  readonly name: string;
  /** What it needs, as arguments of `pip install`. */
  readonly packages: string;
  readonly modules: string;
  /** @param model folder in Hugging Face layout @param scratch folder for files of the server's own */
  start(python: string, model: string, scratch: string): Promise<LocalServer>;
  ask(baseURL: string, model: string, settings?: Partial<OpenAIModelSettings>): OpenAIModel;
  /** Quick enough to be asked everything once more, behind a server that fails. */
  readonly quick: boolean;
}

export const pythonServers: readonly PythonServer[] = [
  {
    name: "transformers serve",
    packages: "torch 'transformers[serving]'",
    modules: "torch, fastapi, uvicorn, openai, transformers.cli.serve",
    start: (python, model) =>
      startServer(
        python,
        (port) => [
          "-c",
          "from transformers.cli.transformers import main; main()",
          "serve",
          model,
          ...["--host", "127.0.0.1", "--port", String(port), "--device", "cpu", "--dtype", "float32"],
        ],
        "/health",
      ),
    ask: (baseURL, model, settings) => createOpenAIModel({ model, baseURL, concurrency: 2, ...settings }),
    quick: false,
  },
  {
    name: "llama.cpp",
    packages: "'llama-cpp-python[server]' gguf safetensors",
    modules: "llama_cpp.server, gguf, safetensors",
    async start(python, model, scratch) {
      const file = join(scratch, "model.gguf");
      const converter = fileURLToPath(new URL("to-gguf.py", import.meta.url));
      const { status, stderr } = spawnSync(python, [converter, model, file], { encoding: "utf8" });
      if (status !== 0) throw new Error(`to-gguf.py failed:\n${stderr}`);
      // Keys and values stay float32 (type 0) as in the other engines; its default is float16.
      const exact = ["--type_k", "0", "--type_v", "0"];
      return startServer(
        python,
        (port) => [
          ...["-m", "llama_cpp.server", "--model", file, "--n_ctx", "512", ...exact],
          ...["--host", "127.0.0.1", "--port", String(port)],
        ],
        "/v1/models",
      );
    },
    // Its default penalises repetition, at temperature 0 too.
    ask: (baseURL, _, settings) =>
      createOpenAIModel({
        model: "model",
        baseURL,
        concurrency: 1,
        body: { repeat_penalty: 1 },
        ...settings,
      }),
    quick: true,
  },
];

export function isInstalled({ modules }: PythonServer, python: string): boolean {
  return spawnSync(python, ["-c", `import ${modules}`], { stdio: "ignore" }).status === 0;
}
