import { readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { RrrError } from "@rrr/core";
import { parseJson } from "../remote/json-value.ts";
import {
  ADAPTER_CONFIG,
  checkSize,
  chooseFiles,
  type FolderKind,
  folderKind,
  INDEX,
  isModelFile,
  shardsOf,
} from "./choose-files.ts";
import { isFile } from "./file-hasher.ts";
import { HubClient, type Patience } from "./hub-client.ts";
import { completeFile, type HubListing, listHubFiles } from "./hub-listing.ts";
import { checkEndpoint, checkHubId, checkRevision, HUB_URL } from "./hub-names.ts";
import { MemoryReceiver } from "./memory-receiver.ts";
import type { HubFile, PullEvent, PulledModel } from "./pull-event.ts";
import { diskFailed } from "./pull-failed.ts";
import { receiveFile } from "./receive-file.ts";
import { Staging } from "./staging.ts";

export interface PullOptions extends Patience {
  /** Where the model is to be: a new or empty folder. Until all is there, what came is beside it, in `.NAME.pull`. */
  readonly folder: string;
  /** A branch, a tag or a commit. Default: `main` */
  readonly revision?: string;
  /** The hub. Default: `https://huggingface.co` */
  readonly endpoint?: string;
  /** Sent to the hub alone, and not over plain http but to this machine or network. */
  readonly token?: string;
  /**
   * Sees the content of `config.json` before anything large is fetched, and throws where such a model is of no use:
   * `parseConfig` of `@rrr/trainer` does. Not called for an adapter, which has none.
   */
  readonly checkConfig?: (config: unknown) => void;
  readonly signal?: AbortSignal;
}

/** What is known of a model before its weights are fetched. */
interface Head {
  readonly kind: FolderKind;
  /** Small files that were looked at. */
  readonly contents: ReadonlyMap<string, Buffer>;
  readonly shards: readonly string[];
  readonly adapterOf: string | undefined;
}

/**
 * Downloads a model's folder from a hub that has Hugging Face's paths: config.json, tokenizer, chat template,
 * safetensors, licence; never code or pickles. All files are of one commit, and are compared with the hashes that the hub
 * has of them. The folder appears when it is whole. What came of an interrupted pull is gone on with.
 * @param id `OWNER/NAME`
 * @returns (of the generator) the folder; at once where all of it is there already
 * @throws RrrError `pull-failed` for a hub, a network or a disk that fails; `bad-model` where there is nothing that can be
 * read; `bad-argument`, also for a folder that holds something else; `aborted`; what `checkConfig` throws
 * @example
 * for await (const event of pullModel("Qwen/Qwen3-0.6B", { folder: "models/Qwen3-0.6B" })) console.log(event);
 * @see https://huggingface.co/docs/hub/api
 */
export async function* pullModel(id: string, options: PullOptions): AsyncGenerator<PullEvent, PulledModel> {
  const { revision = "main", endpoint = HUB_URL, token, signal } = options;
  checkHubId(id);
  checkRevision(revision);
  const folder = resolve(options.folder);
  const hub = new HubClient({ ...options, endpoint: checkEndpoint(endpoint), token, signal });
  try {
    const listing = yield* hub.again("the list of files", () => listHubFiles(hub, id, revision));
    const { commit } = listing;
    const pathOf = (name: string): string => `/${id}/resolve/${commit}/${name}`;
    const head = yield* readHead(hub, id, listing, pathOf, options);
    const files: HubFile[] = [];
    for (const name of chooseFiles(head.kind, new Set(listing.files.keys()), head.shards)) {
      const file = yield* completeFile(hub, { ...listing.files.get(name), name }, pathOf);
      checkSize(file);
      files.push(file);
    }
    const bytes = files.reduce((sum, { size }) => sum + size, 0);
    const { adapterOf } = head;
    const result = { id, commit, folder, files, bytes, ...(adapterOf === undefined ? {} : { adapterOf }) };
    if (await isThere(folder, files)) return { ...result, wasThere: true };
    yield* fill(hub, result, head.contents, pathOf);
    return { ...result, wasThere: false };
  } finally {
    await hub.close();
  }
}

/** Brings the files, one after the other. */
async function* fill(
  hub: HubClient,
  { folder, commit, files, bytes, adapterOf }: Omit<PulledModel, "id" | "wasThere">,
  contents: ReadonlyMap<string, Buffer>,
  pathOf: (name: string) => string,
): AsyncGenerator<PullEvent, void> {
  const staging = await Staging.open(folder, files);
  try {
    const here = staging.here(files);
    yield { kind: "plan", commit, files, bytes, here, ...(adapterOf === undefined ? {} : { adapterOf }) };
    await staging.checkSpace(bytes - here);
    let done = 0;
    for (const file of files) {
      if (!staging.has(file.name)) {
        const part = await staging.part(file);
        try {
          const content = contents.get(file.name);
          if (content !== undefined) {
            await part.restart();
            await part.append(content);
          }
          for await (const event of receiveFile(hub, pathOf(file.name), file, commit, part)) {
            if (event.kind !== "piece") yield event;
            else yield { kind: "progress", file: file.name, done: done + event.length, total: bytes };
          }
          await part.finish();
        } finally {
          await part.close();
        }
      }
      done += file.size;
      yield { kind: "progress", file: file.name, done, total: bytes };
    }
    await staging.publish();
  } finally {
    await staging.close();
  }
}

/** Looks at the small files that say what the large ones are. */
async function* readHead(
  hub: HubClient,
  id: string,
  { files, commit }: HubListing,
  pathOf: (name: string) => string,
  { checkConfig }: Pick<PullOptions, "checkConfig">,
): AsyncGenerator<PullEvent, Head> {
  const names = new Set(files.keys());
  const kind = folderKind(id, names);
  const contents = new Map<string, Buffer>();
  const config = kind === "adapter" ? ADAPTER_CONFIG : "config.json";
  for (const name of [config, ...(kind === "sharded" ? [INDEX] : [])]) {
    const file = yield* completeFile(hub, { ...files.get(name), name }, pathOf);
    checkSize(file);
    const receiver = new MemoryReceiver(file);
    for await (const event of receiveFile(hub, pathOf(name), file, commit, receiver)) {
      if (event.kind !== "piece") yield event;
    }
    contents.set(name, receiver.bytes);
  }
  const json = (name: string): unknown => parseJson(contents.get(name)?.toString("utf8") ?? "");
  if (json(config) === undefined) {
    throw new RrrError("bad-model", `${config} of ${id} is not JSON`, { hint: "Take another model." });
  }
  if (kind !== "adapter") checkConfig?.(json(config));
  const base = (json(config) as { readonly base_model_name_or_path?: unknown } | null)
    ?.base_model_name_or_path;
  return {
    kind,
    contents,
    shards: kind === "sharded" ? shardsOf(json(INDEX), names) : [],
    adapterOf: kind === "adapter" && typeof base === "string" ? base : undefined,
  };
}

/** Whether a folder holds these files. @throws RrrError `bad-argument` where it holds something else */
async function isThere(folder: string, files: readonly HubFile[]): Promise<boolean> {
  const found = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return [];
    throw cause.code === "ENOTDIR" ? taken(`${folder} is no folder`) : diskFailed(folder, cause);
  });
  if (found.length === 0) return false;
  for (const file of files) {
    const path = join(folder, file.name);
    const kind = await stat(path).catch(() => undefined);
    if (kind === undefined) throw taken(`${folder} is not empty, and lacks ${file.name}`);
    if (!kind.isFile() || !(await isFile(path, kind.size, file))) {
      throw taken(`${folder} is not empty, and its ${file.name} is not that of this revision`);
    }
  }
  const other = found.find((name) => isModelFile(name) && !files.some((file) => file.name === name));
  if (other !== undefined) throw taken(`${folder} has a ${other}, which this revision has not`);
  return true;
}

function taken(message: string): RrrError {
  return new RrrError("bad-argument", `${message}; nothing was changed`, {
    hint: "Give another --out, or remove that folder first.",
  });
}
