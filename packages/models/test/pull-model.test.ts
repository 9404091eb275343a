import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pullModel } from "@rrr/models";
import { readModelDir } from "@rrr/trainer";
import { describe, expect, it } from "vitest";
import { COMMIT, type HubFiles, startHub } from "./hub-server.ts";
import { newFolder } from "./new-folder.ts";
import { builtin, end, expectNothing, model, pull, QUICK, weights } from "./pull-into.ts";
import { errorOf } from "./serve.ts";

describe("pullModel", () => {
  it("brings a model that loads, from hub and CDN, and nothing but what a model needs", async () => {
    const hub = await startHub({
      files: {
        ...model,
        "README.md": "---\nlicense: apache-2.0\n---\n",
        LICENSE: "Apache",
        "modeling_me.py": "import os",
        "pytorch_model.bin": Buffer.alloc(200_000),
        "consolidated.safetensors": Buffer.alloc(200_000),
        "training_args.bin": "pickle",
        "onnx/model.onnx": "onnx",
        ".gitattributes": "",
      },
    });
    const root = newFolder();
    const pulled = await pull(hub.endpoint, join(root, "model"));
    expect(pulled).toMatchObject({ commit: COMMIT, wasThere: false });
    expect(readdirSync(root)).toEqual(["model"]);
    expect(readdirSync(join(root, "model")).sort()).toEqual(
      [...Object.keys(model), "LICENSE", "README.md"].sort(),
    );
    expect((await readModelDir(join(root, "model"))).config).toEqual((await readModelDir(builtin)).config);
    expect(readFileSync(join(root, "model", "model.safetensors")).equals(weights)).toBe(true);
    expect(pulled.events.at(-1)).toMatchObject({ kind: "progress", done: pulled.bytes, total: pulled.bytes });
    expect(hub.seen.some(({ url }) => /\.py|\.bin|consolidated/.test(url))).toBe(false);

    const again = await pull(hub.endpoint, join(root, "model"));
    expect(again.wasThere).toBe(true);
    expect(hub.ranges("model.safetensors")).toHaveLength(1);
  });

  it("leaves a folder alone that holds something else", async () => {
    const hub = await startHub({ files: model });
    const folder = join(newFolder(), "model");
    await pull(hub.endpoint, folder);
    writeFileSync(join(folder, "chat_template.jinja"), "{{ 1 }}");
    const other = await errorOf(pull(hub.endpoint, folder));
    expect(other.message).toContain("chat_template.jinja");
    rmSync(join(folder, "chat_template.jinja"));
    const changed = Buffer.from(weights);
    changed[1_000_000] = (changed[1_000_000] as number) ^ 1;
    writeFileSync(join(folder, "model.safetensors"), changed);
    const error = await errorOf(pull(hub.endpoint, folder));
    expect(error).toMatchObject({
      code: "bad-argument",
      message: expect.stringContaining("model.safetensors"),
    });
    expect(readFileSync(join(folder, "model.safetensors")).equals(changed)).toBe(true);
  });

  it("brings the parts that an index names, and an adapter", async () => {
    const files: HubFiles = {
      "config.json": model["config.json"] as Buffer,
      "model.safetensors.index.json": JSON.stringify({
        weight_map: { a: "model-00001-of-00002.safetensors", b: "model-00002-of-00002.safetensors" },
      }),
      "model-00001-of-00002.safetensors": "a",
      "model-00002-of-00002.safetensors": "b",
      "model-00003-of-00002.safetensors": "c",
    };
    const sharded = await pull((await startHub({ files })).endpoint, join(newFolder(), "model"));
    expect(sharded.files.map(({ name }) => name)).toEqual([
      ...["config.json", "model.safetensors.index.json"],
      ...["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"],
    ]);
    const adapter = await startHub({
      files: {
        "adapter_config.json": JSON.stringify({ base_model_name_or_path: "me/base", peft_type: "LORA" }),
        "adapter_model.safetensors": Buffer.alloc(150_000),
        "tokenizer.json": "{}",
      },
    });
    expect(await pull(adapter.endpoint, join(newFolder(), "model"))).toMatchObject({ adapterOf: "me/base" });
  });

  it.each([
    ["../../outside.safetensors"],
    ["/etc/passwd.safetensors"],
    ["a/b.safetensors"],
    ["..safetensors"],
    ["a\\b.safetensors"],
  ])("keeps to its folder: %s is not taken, and an index that names it is refused", async (name) => {
    const root = newFolder();
    const hub = await startHub({
      files: {
        "config.json": model["config.json"] as Buffer,
        "model.safetensors.index.json": JSON.stringify({ weight_map: { a: name } }),
        [name]: "x",
      },
    });
    expect(await errorOf(pull(hub.endpoint, join(root, "model")))).toMatchObject({ code: "bad-model" });
    expectNothing(root);
  });

  it.each<[string, HubFiles, RegExp]>([
    ["pickles", { ...model, "model.safetensors": "", "pytorch_model.bin": "x" }, /pickles/],
    ["GGUF", { "config.json": "{}", "model.gguf": "x" }, /GGUF.*llama-server/],
    ["nothing", { "config.json": "{}" }, /no model\.safetensors/],
    ["another architecture", { ...model, "config.json": '{"model_type":"mamba"}' }, /architecture "mamba"/],
    ["no JSON", { ...model, "config.json": "<html>" }, /not JSON/],
  ])("says before anything large comes that there is nothing to read: %s", async (_, given, said) => {
    const files = Object.fromEntries(Object.entries(given).filter(([, content]) => content.length > 0));
    const hub = await startHub({ files });
    const root = newFolder();
    const error = await errorOf(pull(hub.endpoint, join(root, "model")));
    expect(error.code).toBe("bad-model");
    expect(`${error.message} ${error.hint}`).toMatch(said);
    expect(hub.seen.filter(({ host }) => host === "cdn")).toEqual([]);
    expect(readdirSync(root)).toEqual([]);
  });

  it("goes on where a connection broke, and after a folder was left half full", async () => {
    const hub = await startHub({
      files: model,
      onCdn(_, response, count) {
        if (count > 1) return false;
        response.writeHead(200, { "content-length": weights.length });
        response.write(weights.subarray(0, 1_500_000), () => response.destroy());
        return true;
      },
    });
    const folder = join(newFolder(), "model");
    const { events } = await pull(hub.endpoint, folder);
    expect(events.filter(({ kind }) => kind === "retry")).toHaveLength(1);
    expect(hub.ranges("model.safetensors")).toEqual([undefined, expect.stringMatching(/^bytes=\d{4,}-\d+$/)]);
    await readModelDir(folder);
  });

  it("asks for a large file in pieces, and takes all of it where a server knows none", async () => {
    const large = Buffer.alloc(130_000_000, "weights");
    const files = { "config.json": model["config.json"] as Buffer, "model.safetensors": large };
    for (const knowsRanges of [true, false]) {
      const hub = await startHub({
        files,
        onCdn: (_, response) => !knowsRanges && end(response.writeHead(200), large),
      });
      const { bytes } = await pull(hub.endpoint, join(newFolder(), "model"));
      expect(bytes).toBeGreaterThan(130_000_000);
      expect(hub.ranges("model.safetensors")).toHaveLength(knowsRanges ? 3 : 1);
    }
  });

  it("goes on after an abort, and throws away a beginning that is of something else", async () => {
    const hub = await startHub({ files: model });
    const root = newFolder();
    const abort = new AbortController();
    const pulling = pullModel("me/model", {
      ...{ folder: join(root, "model"), endpoint: hub.endpoint, ...QUICK, signal: abort.signal },
    });
    const error = await errorOf(
      (async () => {
        for await (const event of pulling) {
          if (event.kind === "progress" && event.file === "model.safetensors") abort.abort();
        }
      })(),
    );
    expect(error.code).toBe("aborted");
    expectNothing(root);
    const staging = join(root, ".model.pull");
    const part = readdirSync(staging).find((name) => /^model\.safetensors\..*\.part$/.test(name)) as string;
    writeFileSync(join(staging, part), Buffer.alloc(500_000));
    writeFileSync(join(staging, "evil.py"), "import os");
    const { events } = await pull(hub.endpoint, join(root, "model"));
    expect(events).toContainEqual(expect.objectContaining({ problem: expect.stringContaining("hash") }));
    expect(hub.ranges("model.safetensors").at(-1)).toBeUndefined();
    expect(readFileSync(join(root, "model", "model.safetensors")).equals(weights)).toBe(true);
    expect(readdirSync(join(root, "model"))).not.toContain("evil.py");
  });

  it("lets one process at a time into a folder", async () => {
    const hub = await startHub({ files: model });
    const root = newFolder();
    mkdirSync(join(root, ".model.pull"));
    writeFileSync(join(root, ".model.pull", ".lock"), String(process.ppid));
    expect((await errorOf(pull(hub.endpoint, join(root, "model")))).message).toContain("another process");
    // Nobody has this id.
    writeFileSync(join(root, ".model.pull", ".lock"), String(2 ** 30));
    await pull(hub.endpoint, join(root, "model"));
  });

  it("says what cannot be verified", async () => {
    const hub = await startHub({
      files: model,
      largeFrom: Number.POSITIVE_INFINITY,
      list: ({ sha, siblings }) => ({ sha, siblings: siblings.map(({ rfilename }) => ({ rfilename })) }),
      fileHeaders: { "x-linked-etag": '"some other tag"' },
    });
    const { files } = await pull(hub.endpoint, join(newFolder(), "model"));
    expect(files.map(({ hash }) => hash)).toEqual(files.map(() => undefined));
  });

  it("takes sizes and hashes from the headers where the list has none", async () => {
    const hub = await startHub({
      files: model,
      list: ({ sha, siblings }) => ({ sha, siblings: siblings.map(({ rfilename }) => ({ rfilename })) }),
    });
    const { files } = await pull(hub.endpoint, join(newFolder(), "model"));
    expect(files.map(({ hash }) => hash?.kind)).toEqual(["git-sha1", "git-sha1", "git-sha1", "sha256"]);
  });

  it("does not begin what the disk has no room for", async () => {
    const root = newFolder();
    const hub = await startHub({
      files: model,
      list({ sha, siblings }) {
        for (const each of siblings) if (each.lfs) each.lfs = { ...(each.lfs as object), size: 2 ** 52 };
        return { sha, siblings };
      },
    });
    const error = await errorOf(pull(hub.endpoint, join(root, "model")));
    expect(error).toMatchObject({
      code: "pull-failed",
      message: expect.stringContaining("not enough space"),
    });
    expect(hub.ranges("model.safetensors")).toEqual([]);
    expect(readdirSync(root)).toEqual([]);
  });
});
