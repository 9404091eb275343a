/**
 * The engine on WebGPU, on a Vulkan in software: SwiftShader, which Debian's package chromium brings (view.mjs installs it).
 * Mesa's lavapipe will not do: Dawn refuses it. Where there is none it says that nothing was run. Under three minutes.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { main, passSignalsOn, run, ScriptError, tool } from "../lib/process.mjs";
import { setup } from "../setup.mjs";

/** Vulkan's loader, the driver, and what tells the first of the second. */
const FILES = ["libvulkan.so.1", "libvk_swiftshader.so", "vk_swiftshader_icd.json"];
const PLACES = ["/usr/lib/chromium", "/usr/lib64/chromium-browser", "/opt/google/chrome"];
const TESTS = [
  "packages/autodiff/test/webgpu.test.ts",
  "packages/autodiff/test/device-memory.test.ts",
  "packages/engine-onnx/src/device",
];

await main(async () => {
  await setup();
  passSignalsOn();
  const place = PLACES.find((folder) => FILES.every((name) => existsSync(join(folder, name))));
  if (place === undefined) {
    console.error(
      `NOT RUN: there is no SwiftShader in ${PLACES.join(", ")}. Debian's package chromium has it.`,
    );
    return;
  }
  const env = {
    // Dawn opens the loader by its name alone.
    LD_LIBRARY_PATH: [place, process.env.LD_LIBRARY_PATH].filter(Boolean).join(":"),
    VK_ICD_FILENAMES: join(place, "vk_swiftshader_icd.json"),
    RRR_REQUIRE_WEBGPU: "1",
  };
  const vitest = [tool("vitest/vitest.mjs"), "run", "--maxWorkers=1", ...TESTS];
  const code = await run(process.execPath, vitest, { env });
  if (code !== 0) throw new ScriptError(`the tests on WebGPU ended with exit code ${code}.`);
});
