/** Our own server over real HTTP, on the embedded engine. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createOnnxEngine } from "@rrr/engine-onnx";
import { createTinkerHandler, listen, type TinkerSettings } from "@rrr/server";
import { type Engine, type ModelFiles, type Stored, writeModelDir } from "@rrr/trainer";
import { microModel } from "@rrr/trainer/testing";
import type { TinkerEngineSettings } from "../src/index.ts";

export interface OwnServer {
  readonly url: string;
  /** What an engine on it is opened with. */
  readonly settings: TinkerEngineSettings;
  readonly model: ModelFiles;
  close(): Promise<void>;
}

export async function startOwnServer(settings: Partial<TinkerSettings> = {}): Promise<OwnServer> {
  const scratch = await mkdtemp(join(tmpdir(), "rrr-tinker-"));
  const model = microModel(1);
  const folder = join(scratch, "model");
  await writeModelDir(folder, model, "F32");
  const { open, closeAll } = pooled(
    () => createOnnxEngine(model, { rows: 8, threads: 1 }),
    join(scratch, "initial"),
  );
  const handler = createTinkerHandler({
    models: [
      {
        name: "micro",
        contextLength: model.config.maxPositions,
        trains: "full",
        open,
      },
    ],
    folder: join(scratch, "checkpoints"),
    ...settings,
  });
  const listening = await listen(handler.handle);
  return {
    url: listening.url,
    model,
    settings: { baseUrl: listening.url, model: "micro", folder, tokenizer: model.tokenizer },
    async close() {
      await listening.close();
      await handler.close();
      await closeAll();
      await rm(scratch, { recursive: true, force: true });
    },
  };
}

/** Engines that are closed are kept, as they were at first: building their graphs is most of a small test's time. */
function pooled(
  create: () => Promise<Engine>,
  folder: string,
): { open(): Promise<Engine>; closeAll(): Promise<void> } {
  const free: Engine[] = [];
  const all: Engine[] = [];
  let initial: Promise<Stored> | undefined;
  return {
    async open() {
      const engine = free.pop() ?? (await create());
      if (!all.includes(engine)) all.push(engine);
      initial ??= engine.saveState(folder);
      const state = await initial;
      const close = async (): Promise<void> => {
        await engine.loadState(state);
        free.push(engine);
      };
      return { ...engine, close };
    },
    closeAll: async () => void (await Promise.all(all.map((engine) => engine.close()))),
  };
}
