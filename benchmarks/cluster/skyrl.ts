/** SkyRL's server of the Tinker protocol, from PyPI, on a CPU: as docs/scale-out.md says. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { startChild } from "../servers/child.ts";
import { freePort, untilReady } from "../servers/local-server.ts";

/** aiohttp is missing among its own dependencies. */
export const PACKAGES: readonly string[] = ["skyrl[tinker,jax]==0.4.0", "aiohttp"];

/** Finds Python 3.12 and uv. @returns why not, where they are not there */
export function findTools(): { readonly python: string } | { readonly missing: string } {
  const version = spawnSync("uv", ["--version"], { encoding: "utf8" });
  if (version.status !== 0) return { missing: "uv (https://docs.astral.sh/uv), on the PATH" };
  const found = spawnSync("uv", ["python", "find", "--no-python-downloads", "3.12"], { encoding: "utf8" });
  if (found.status !== 0) return { missing: "Python 3.12 (`uv python install 3.12` fetches it)" };
  return { python: found.stdout.trim() };
}

/** A scratch environment with SkyRL: 6 GB. One that is there already is used as it is. */
export function install(dir: string, python: string): void {
  const run = (args: readonly string[]): void => {
    const { status } = spawnSync("uv", args, { stdio: ["ignore", "inherit", "inherit"] });
    if (status !== 0) throw new Error(`uv ${args.join(" ")} ended with ${status}`);
  };
  const own = join(dir, "bin", "python");
  if (!existsSync(own)) run(["venv", "--quiet", "--python", python, dir]);
  const has = spawnSync(own, ["-c", "import skyrl, jax, tinker, aiohttp"]).status === 0;
  if (!has) run(["pip", "install", "--quiet", "--python", own, ...PACKAGES]);
}

/** The model as this server takes it: it wants a `dtype`. */
export async function prepareModel(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true });
  const path = join(to, "config.json");
  const config = JSON.parse(await readFile(path, "utf8"));
  await writeFile(path, JSON.stringify({ ...config, dtype: "float32" }));
}

export interface SkyRL {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Starts it, on a free port.
 * @param processes 2: the model split over two of them, as over two machines
 * @param scratch for its database and checkpoints
 */
export async function startSkyRL(
  env: string,
  model: string,
  scratch: string,
  processes: 1 | 2 = 1,
): Promise<SkyRL> {
  await mkdir(scratch, { recursive: true });
  const dir = await mkdtemp(join(scratch, "server-"));
  const [port, coordinator] = [await freePort(), await freePort()];
  const address = `127.0.0.1:${coordinator}`;
  // The sizes make batches constant, so that each shape is compiled once.
  const config = {
    ...{ max_lora_adapters: 3, max_lora_rank: 32 },
    ...{ sample_max_num_sequences: 64, train_micro_batch_size: 32 },
    ...(processes === 1
      ? {}
      : {
          coordinator_address: address,
          num_processes: processes,
          fully_sharded_data_parallel_size: processes,
        }),
  };
  const api = [
    ...["-m", "skyrl.tinker.api", "--base-model", model, "--backend", "jax"],
    ...["--backend-config", JSON.stringify(config), "--host", "127.0.0.1", "--port", String(port)],
    ...[
      "--checkpoints-base",
      join(dir, "checkpoints"),
      "--database-url",
      `sqlite:///${join(dir, "tinker.db")}`,
    ],
  ];
  const settings = {
    cwd: dir,
    env: {
      VIRTUAL_ENV: env,
      PATH: [join(env, "bin"), process.env.PATH].join(delimiter),
      JAX_PLATFORMS: "cpu",
      HF_HUB_OFFLINE: "1",
    },
  };
  const children = [startChild("uv", ["run", "--no-project", ...api], settings)];
  if (processes === 2) {
    const worker = ["-m", "skyrl.backends.jax", "--coordinator-address", address];
    const rest = ["--num-processes", "2", "--process-id", "1"];
    children.push(startChild(join(env, "bin", "python"), [...worker, ...rest], settings));
  }
  const url = `http://127.0.0.1:${port}`;
  await untilReady(`${url}/api/v1/healthz`, children);
  return { url, close: async () => void (await Promise.all(children.map((child) => child.end()))) };
}
