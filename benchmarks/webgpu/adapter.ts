/** What WebGPU computes on: onnxruntime-node does not say, so the system is asked. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

/** Commands that name the graphics cards of a machine, and where in what they print. */
const ASKED: Readonly<Record<string, readonly [command: string, args: readonly string[], name: RegExp]>> = {
  linux: ["vulkaninfo", ["--summary"], /deviceName\s*=\s*(.+)/g],
  darwin: ["system_profiler", ["SPDisplaysDataType"], /Chipset Model:\s*(.+)/g],
  win32: [
    "powershell",
    ["-NoProfile", "-Command", "(Get-CimInstance Win32_VideoController).Name"],
    /(\S.*\S)/g,
  ],
};

/** To be called after a session was opened: on Linux the driver that is loaded is the one that is used. */
export function adapterName(): string {
  const parts = [...new Set([...cards(), ...drivers()])];
  return parts.length === 0 ? "unknown" : parts.join(", ");
}

function cards(): readonly string[] {
  const [command, args, name] = ASKED[process.platform] ?? [];
  if (command === undefined || name === undefined) return [];
  const { stdout } = spawnSync(command, args ?? [], { encoding: "utf8" });
  return [...(stdout ?? "").matchAll(name)].map(([, found = ""]) => found.trim());
}

/** Vulkan drivers among the libraries of this process: Mesa's, NVIDIA's, SwiftShader. */
function drivers(): readonly string[] {
  const maps = "/proc/self/maps";
  if (!existsSync(maps)) return [];
  const found = readFileSync(maps, "utf8").matchAll(
    /\/(libvk_\w+|libvulkan_\w+|libGLX_nvidia|libnvidia-glcore)\.so/g,
  );
  return [...found].map(([, library = ""]) => `driver ${library}`);
}
